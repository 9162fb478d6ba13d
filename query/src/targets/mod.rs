//! What a town aims at: its KGI, KSI and KPI.
//!
//! In: what an officer types. Out: [`Target`]s in a list that is written after the one it was made from, the table
//! [`TARGETS`] of it, and [`sight`]: which change the figures could show at all. Whether a target is reached is
//! said by the question `targets`, from the figures of its fiscal year and the ends of their interval. A target keeps the
//! definition that it was written with: figures of another one cannot tell whether it is reached.

use bytes::Bytes;
use kayoi_lake::{Desk, LakeError, Manifest};
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::MunicipalityCode;
use serde::{Deserialize, Serialize};

mod table;
mod sight;

pub use sight::{Seen, Sight, question as sight_question, sight};
pub(crate) use table::{TARGETS, TargetTable, WORDS as TARGET_WORDS};

/// How often a list is made anew because somebody else wrote one meanwhile.
const ATTEMPTS: usize = 8;
/// Letters of a target's name, and of the note beside it.
const LONGEST_NAME: usize = 60;
/// Targets of one town: a plan has a dozen.
const MOST_OF_A_TOWN: usize = 50;

/// What may be aimed at: kinds of people in `connected_by_period`.
const KINDS: [&str; 6] = ["visitor", "repeat", "connected", "dual_resident", "workation", "satellite_office"];

/// How high in a plan a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Key goal indicator.
    Kgi,
    /// Key success indicator.
    Ksi,
    /// Key performance indicator.
    Kpi,
}

/// Where a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// At least so many people.
    AtLeast,
    /// At most so many people.
    AtMost,
}

/// What an officer writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTarget {
    /// Five-digit code of the municipality.
    pub town: String,
    /// What the plan calls it.
    pub name: String,
    /// How high it stands; a KPI where nothing is said.
    #[serde(default = "kpi")]
    pub level: Level,
    /// Who is counted: a kind of `connected_by_period`.
    pub kind: String,
    /// Where the figure should go; upwards where nothing is said.
    #[serde(default = "at_least")]
    pub direction: Direction,
    /// Japanese fiscal year, April to March.
    pub fiscal_year: u16,
    /// People.
    pub persons: u32,
    /// The fiscal year that it is compared with in the plan.
    #[serde(default)]
    pub baseline_fiscal_year: Option<u16>,
}

fn kpi() -> Level {
    Level::Kpi
}

fn at_least() -> Direction {
    Direction::AtLeast
}

/// A target as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its number, which is given once.
    pub number: u64,
    /// What was written.
    #[serde(flatten)]
    pub new: NewTarget,
    /// The definition of the release that its writer saw.
    pub definition: String,
    /// Its hash.
    pub definition_hash: String,
    /// Who wrote it; nobody where nobody signs in.
    pub written_by: Option<String>,
    /// When, RFC 3339.
    pub written_at: String,
}

/// A change that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// A code of nobody.
    #[error("`{0}` is no municipality\nhint: a town is five digits, as 20214")]
    Town(String),
    /// Nobody is counted so.
    #[error("`{kind}` is no kind of people that can be aimed at\nhint: there are {}", KINDS.join(", "))]
    Kind {
        /// What was given.
        kind: String,
    },
    /// The name is empty or too long.
    #[error("the name of a target has 1 to {LONGEST_NAME} letters\nhint: say it as the plan does")]
    Name,
    /// A year of no plan.
    #[error("`{0}` is no fiscal year of a plan\nhint: 2026 is April 2026 to March 2027")]
    Year(u16),
    /// Nobody is no target.
    #[error("a target is 1 person or more\nhint: `at_most` sets an upper end")]
    Nobody,
    /// Too many.
    #[error("the town has {MOST_OF_A_TOWN} targets already\nhint: `kayoi kpi remove` takes one away")]
    TooMany,
    /// None has the number.
    #[error("the town has no target with the number {0}\nhint: `kayoi kpi list` shows them")]
    Unknown(u64),
    /// The list cannot be read.
    #[error("the list of targets cannot be read\nhint: it was written by a newer Kayoi, or damaged")]
    List(#[source] serde_json::Error),
    /// Others write all the time.
    #[error("the list of targets is being changed by somebody else\nhint: try again")]
    Busy,
    /// There is nothing to aim at yet.
    #[error("there is no release yet\nhint: `kayoi aggregate` makes the first one")]
    NoRelease,
    /// The lake does not answer.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl TargetError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Town(_)
            | Self::Kind { .. }
            | Self::Name
            | Self::Year(_)
            | Self::Nobody
            | Self::TooMany
            | Self::Unknown(_) => ErrorCode::Argument,
            Self::List(_) => ErrorCode::Damaged,
            Self::Busy => ErrorCode::Raced,
            Self::NoRelease => ErrorCode::NothingYet,
            Self::Lake(error) => error.code(),
        }
    }
}

impl NewTarget {
    /// The same with the code in five digits.
    ///
    /// # Errors
    /// [`TargetError`]: what is wrong with it.
    pub fn checked(mut self) -> Result<Self, TargetError> {
        let register = kayoi_geography::Register::japan();
        let code = MunicipalityCode::parse(&self.town).ok().map(|code| register.basic(code));
        let code = code.filter(|code| register.get(*code).is_some());
        self.town = code.ok_or_else(|| TargetError::Town(self.town.clone()))?.to_string();
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(TargetError::Kind { kind: self.kind });
        }
        self.name = self.name.trim().to_owned();
        let letters = self.name.chars().count();
        if letters == 0 || letters > LONGEST_NAME || self.name.chars().any(char::is_control) {
            return Err(TargetError::Name);
        }
        for year in [Some(self.fiscal_year), self.baseline_fiscal_year].into_iter().flatten() {
            if !(2000..=2100).contains(&year) {
                return Err(TargetError::Year(year));
            }
        }
        if self.persons == 0 {
            return Err(TargetError::Nobody);
        }
        Ok(self)
    }

    /// The target as it is kept, of the definition of a release; [`add_target`] numbers it. `at` is RFC 3339.
    pub fn written(self, release: &Manifest, by: Option<String>, at: String) -> Target {
        Target {
            number: 0,
            new: self,
            definition: release.definition.clone(),
            definition_hash: release.definition_hash.clone(),
            written_by: by,
            written_at: at,
        }
    }
}

/// All targets, oldest first, with the number of the list.
///
/// # Errors
/// [`TargetError::List`], [`TargetError::Lake`].
pub async fn read_targets(desk: &Desk) -> Result<(u64, Vec<Target>), TargetError> {
    let Some((number, bytes)) = desk.targets().await? else { return Ok((0, Vec::new())) };
    Ok((number, serde_json::from_slice(&bytes).map_err(TargetError::List)?))
}

/// Adds a target; its number is given here.
///
/// # Errors
/// [`TargetError`].
pub async fn add_target(desk: &Desk, mut target: Target) -> Result<Target, TargetError> {
    changed(desk, |list| {
        if list.iter().filter(|one| one.new.town == target.new.town).count() >= MOST_OF_A_TOWN {
            return Err(TargetError::TooMany);
        }
        target.number = list.last().map_or(1, |last| last.number + 1);
        list.push(target.clone());
        Ok(())
    })
    .await?;
    Ok(target)
}

/// Takes a target of a town away.
///
/// # Errors
/// [`TargetError`].
pub async fn remove_target(desk: &Desk, town: &str, number: u64) -> Result<(), TargetError> {
    let is_it = |target: &Target| target.number == number && target.new.town == town;
    changed(desk, |list| {
        let at = list.iter().position(is_it).ok_or(TargetError::Unknown(number))?;
        list.remove(at);
        Ok(())
    })
    .await
}

async fn changed(
    desk: &Desk,
    mut change: impl FnMut(&mut Vec<Target>) -> Result<(), TargetError>,
) -> Result<(), TargetError> {
    for _ in 0..ATTEMPTS {
        let (number, mut list) = read_targets(desk).await?;
        change(&mut list)?;
        let bytes = serde_json::to_vec_pretty(&list).map_err(TargetError::List)?;
        if desk.write_targets(number, Bytes::from(bytes)).await? {
            return Ok(());
        }
    }
    Err(TargetError::Busy)
}
