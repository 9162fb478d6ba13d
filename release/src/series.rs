//! Trial or real: where noise comes from, and what a lake remembers of it.
//!
//! In: a trial's seed, or the secret, the store of seeds and the key for signatures of a real series. Out: [`Series`]
//! for a release, and [`Record`], the file `kayoi-release.json` of a lake whose real series has begun. The secret is
//! apart from the lake and from the pseudonym key: whoever has it and the release can lift the noise off.

use std::path::Path;

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::time::Day;
use serde::{Deserialize, Serialize};

use crate::draw::Secret;
use crate::error::ReleaseError;
use crate::secret_file;
use crate::sign::SigningKey;
use crate::store::SeedStore;

/// Where noise comes from.
#[derive(Debug, Clone)]
pub enum Series {
    /// Drawn by every run: for trying out.
    Trial {
        /// What the noise follows from.
        seed: u64,
    },
    /// Published: a month once, and never changed.
    Real(Real),
}

/// What a real series needs.
#[derive(Debug, Clone)]
pub struct Real {
    pub(crate) secret: Secret,
    pub(crate) seeds: SeedStore,
    pub(crate) signing_key: SigningKey,
}

impl Series {
    /// A trial that nobody can draw again.
    ///
    /// # Errors
    /// [`ReleaseError::NoRandom`] when the machine gives no random numbers.
    pub fn random_trial() -> Result<Self, ReleaseError> {
        let bytes = secret_file::random()?;
        let mut seed = [0; 8];
        seed.copy_from_slice(&bytes[..8]);
        Ok(Self::Trial { seed: u64::from_le_bytes(seed) })
    }

    /// The word in the column `series`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Trial { .. } => "trial",
            Self::Real(_) => "real",
        }
    }

    pub(crate) fn secret(&self) -> Secret {
        match self {
            Self::Trial { seed } => Secret::of_trial(*seed),
            Self::Real(real) => real.secret.clone(),
        }
    }
}

impl Real {
    /// Reads what a real series needs, all of which is apart from the lake.
    ///
    /// # Errors
    /// [`ReleaseError`] names the file that cannot be used.
    pub fn read(secret: &Path, seeds: &Path, signing_key: &Path) -> Result<Self, ReleaseError> {
        let secret = Secret::new(secret_file::read(secret)?);
        let seeds = SeedStore::open(seeds, &secret)?;
        Ok(Self { secret, seeds, signing_key: SigningKey::read(signing_key)? })
    }
}

/// What a lake says of its real series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Form of the file.
    pub format: u32,
    /// The day on which the series began.
    pub since: String,
    /// Fingerprint of the secret.
    pub secret: String,
    /// The public key of the signatures, base64.
    pub public_key: String,
    /// Noise, thresholds and budgets.
    pub parameters: Parameters,
    /// Number of the edition, from 1; each correction begins another.
    pub edition: u32,
    /// What all months of the edition are made with; `None` before the first release.
    pub settings: Option<Settings>,
    /// Budgets that were raised.
    #[serde(default)]
    pub raised: Vec<Raised>,
    /// Editions after the first.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

/// What may not change within an edition, or months could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Hash of the definition.
    pub definition_hash: String,
    /// `none` or `census`.
    pub expansion: String,
    /// Edition of the borders.
    pub boundaries: String,
    /// Days after its last one from which a month is final.
    pub seal_after_days: u32,
}

impl Settings {
    /// Refuses settings that differ.
    pub(crate) fn require(&self, needed: &Self) -> Result<(), ReleaseError> {
        let pairs = [
            ("--definition", &self.definition_hash, &needed.definition_hash),
            ("--expansion", &self.expansion, &needed.expansion),
            ("--boundaries", &self.boundaries, &needed.boundaries),
        ];
        let days = (self.seal_after_days.to_string(), needed.seal_after_days.to_string());
        let pairs = pairs.into_iter().chain([("--seal-after-days", &days.0, &days.1)]);
        match pairs.into_iter().find(|(_, found, needed)| found != needed) {
            Some((what, found, needed)) => {
                Err(ReleaseError::OtherSettings { what, found: found.clone(), needed: needed.clone() })
            }
            None => Ok(()),
        }
    }
}

/// A budget that an operator raised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    /// The line of the ledger.
    pub line: String,
    /// rho that it may cost from then on.
    pub to: f64,
    /// Who raised it, and why.
    pub reason: String,
    /// The day.
    pub date: String,
}

/// A new edition of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its number.
    pub edition: u32,
    /// The day on which it was made.
    pub date: String,
    /// First and last month that were published again.
    pub months: (String, String),
    /// Why.
    pub reason: String,
}

/// Form of the record.
const FORMAT: u32 = 1;

impl Record {
    /// What a lake remembers; `None` while it is in trial.
    ///
    /// # Errors
    /// [`ReleaseError::Record`] when it cannot be read.
    pub fn read(lake: &ReleaseWriter) -> Result<Option<Self>, ReleaseError> {
        let Some(bytes) = lake.series_record()? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(ReleaseError::Record)
    }

    /// Refuses to begin the real series of a lake that has one, or had one whose record is gone. It is asked before a secret
    /// is made for it.
    ///
    /// # Errors
    /// [`ReleaseError::BegunBefore`], [`ReleaseError::RecordGone`], or [`ReleaseError`] when the lake cannot be read.
    pub fn may_begin(lake: &ReleaseWriter) -> Result<(), ReleaseError> {
        match Self::read(lake)? {
            Some(record) => Err(ReleaseError::BegunBefore { since: record.since }),
            None => require_no_real_release(lake),
        }
    }

    /// Begins the real series of a lake, and makes the folder of its seeds.
    ///
    /// # Errors
    /// [`ReleaseError::BegunBefore`], or [`ReleaseError`] when parameters are below the floors.
    pub fn begin(
        lake: &ReleaseWriter,
        real: &Real,
        parameters: Parameters,
        today: Day,
    ) -> Result<Self, ReleaseError> {
        require_no_real_release(lake)?;
        let record = Self {
            format: FORMAT,
            since: today.to_string(),
            secret: real.secret.fingerprint(),
            public_key: real.signing_key.public_key().to_string(),
            parameters: parameters.checked()?,
            edition: 1,
            settings: None,
            raised: Vec::new(),
            corrections: Vec::new(),
        };
        real.seeds.make()?;
        if lake.begin_series(record.bytes()?)? {
            return Ok(record);
        }
        let since = Self::read(lake)?.map_or_else(String::new, |record| record.since);
        Err(ReleaseError::BegunBefore { since })
    }

    /// Writes what has changed.
    ///
    /// # Errors
    /// [`ReleaseError::Lake`] when the store does not answer.
    pub fn write(&self, lake: &ReleaseWriter) -> Result<(), ReleaseError> {
        Ok(lake.change_series(self.bytes()?)?)
    }

    fn bytes(&self) -> Result<bytes::Bytes, ReleaseError> {
        serde_json::to_vec_pretty(self).map(Into::into).map_err(ReleaseError::Record)
    }

    /// The parameters, with the budgets that were raised.
    pub fn parameters(&self) -> Parameters {
        let mut parameters = self.parameters;
        for raised in &self.raised {
            match raised.line.as_str() {
                "tie-year" => parameters.tie_year_budget = raised.to,
                _ => parameters.tie_month_budget = raised.to,
            }
        }
        parameters
    }
}

/// Refuses a reason that says nothing, or more than a line.
///
/// # Errors
/// [`ReleaseError::NoReason`].
pub fn require_reason(reason: &str) -> Result<(), ReleaseError> {
    let is_one_line = !reason.trim().is_empty() && !reason.chars().any(char::is_control);
    if is_one_line { Ok(()) } else { Err(ReleaseError::NoReason) }
}

/// Compares what a run was given with what the lake remembers. Returns the record of a real series.
///
/// # Errors
/// [`ReleaseError`] when a real series lacks its secret or has another one, and when a trial was given one.
pub(crate) fn record_for(lake: &ReleaseWriter, series: &Series) -> Result<Option<Record>, ReleaseError> {
    match (series, Record::read(lake)?) {
        (Series::Trial { .. }, None) => require_no_real_release(lake).map(|()| None),
        (Series::Trial { .. }, Some(_)) => Err(ReleaseError::NoSecret),
        (Series::Real(_), None) => Err(ReleaseError::NotBegun),
        (Series::Real(real), Some(record)) => {
            let found = real.secret.fingerprint();
            if found != record.secret {
                return Err(ReleaseError::OtherSecret { found, needed: record.secret });
            }
            if real.signing_key.public_key().to_string() != record.public_key {
                return Err(ReleaseError::OtherSigningKey);
            }
            Ok(Some(record))
        }
    }
}

/// Refuses to go on as if nothing was published when the record of a series is gone.
fn require_no_real_release(lake: &ReleaseWriter) -> Result<(), ReleaseError> {
    match lake.newest()? {
        Some(manifest) if manifest.series == "real" => Err(ReleaseError::RecordGone),
        _ => Ok(()),
    }
}
