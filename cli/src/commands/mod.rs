//! One file per command: arguments in, calls to the crates, words out.

pub(crate) mod schema;
pub(crate) mod codes;
pub(crate) mod definitions;
pub(crate) mod boundaries;
pub(crate) mod simulate;
pub(crate) mod ingest;
pub(crate) mod doctor;
pub(crate) mod mesh;
pub(crate) mod population;
pub(crate) mod quality;
pub(crate) mod lake;
pub(crate) mod aggregate;
pub(crate) mod cluster;
pub(crate) mod release;
pub(crate) mod query;
pub(crate) mod ask;
pub(crate) mod extract;
pub(crate) mod serve;
pub(crate) mod health;
pub(crate) mod kpi;
pub(crate) mod user;
pub(crate) mod worker;
pub(crate) mod nation;
pub(crate) mod demo;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::lease::{LeaseEnd, MaintenanceLease};
use kayoi_lake::{Lake, LakeError, Location};
use kayoi_schemas::definition::{Definition, shipped_names, shipped_text};

use crate::args::KeyOption;
use crate::coded::refuse;
use crate::screen::note;
use crate::stop::{self, EndsOnSignal};

/// A definition that ships, that of a file, or connected-2026 where none is named.
fn definition(named: Option<&Path>) -> anyhow::Result<Definition> {
    let Some(named) = named else { return Ok(Definition::connected_2026()?) };
    Definition::parse(&definition_text(named)?)
        .with_context(|| format!("definition `{}` is refused", named.display()))
}

/// The text of a definition that ships, or of a file. A file of such a name is meant by `./NAME`.
fn definition_text(named: &Path) -> anyhow::Result<String> {
    match named.to_str().and_then(shipped_text) {
        Some(text) => Ok(text.to_owned()),
        None => std::fs::read_to_string(named).with_context(|| {
            let shipped = shipped_names().collect::<Vec<_>>().join(", ");
            format!(
                "cannot read `{}`, which is no definition that ships\nhint: name a file, or one of {shipped}",
                named.display()
            )
        }),
    }
}

/// The key for a lake, made on first use. Beside a lake that has one no other is made.
fn key(option: &KeyOption, place: &Path, lake: &Lake) -> anyhow::Result<PseudonymKey> {
    let path = key_path(option, place)?;
    if let (false, Some(fingerprint)) = (path.exists(), lake.key_fingerprint()?) {
        refuse!(
            NoKey,
            "the key `{fingerprint}` of this lake is not in `{}`\nhint: restore it from where its copy is kept, or name it with --key-file; without it nothing can be added and nobody forgotten",
            path.display()
        );
    }
    Ok(PseudonymKey::load_or_create(&path)?)
}

/// Where the key of a lake is: beside it, not in it, so that a copy of the lake does not carry its key along.
fn key_path(option: &KeyOption, lake: &Path) -> anyhow::Result<PathBuf> {
    if Location::is_bucket(lake) && option.key_file.is_none() {
        refuse!(
            Argument,
            "a lake in a bucket needs a key file\nhint: --key-file FILE; it is made when it is not there"
        );
    }
    let beside = || {
        let mut name = lake.file_name().unwrap_or("kayoi-lake".as_ref()).to_owned();
        name.push(".key");
        lake.with_file_name(name)
    };
    Ok(option.key_file.clone().unwrap_or_else(beside))
}

/// Opens a lake that is there. A mistyped folder must not become an empty lake: "nothing to forget" would
/// then be the answer to a real request, and a server would show no figures where there are some. Only what fills a lake makes
/// one.
fn open(place: &Path) -> anyhow::Result<Lake> {
    // A handle makes its folder, so that a folder is looked at before.
    let may_be_there = Location::is_bucket(place) || place.join("kayoi-lake.json").is_file();
    let lake = if may_be_there { Some(Lake::connect(place)?) } else { None };
    match lake {
        Some(lake) if lake.format()?.is_some() => Ok(lake),
        _ => refuse!(
            NoLake,
            "there is no lake in `{}`\nhint: name the folder with --lake or KAYOI_LAKE; `kayoi ingest` makes a lake",
            place.display()
        ),
    }
}

/// The lease that keeps other upkeep off a lake while a job of `kayoi lake` runs.
fn lease(lake: &Lake, job: &str) -> anyhow::Result<HeldLease> {
    let leases = Leases::given_back_on_signal()?;
    let lease = leases.take(|| lake.lease(&holder(&format!("kayoi lake {job}"))))?;
    Ok(HeldLease { _lease: lease, _leases: leases })
}

/// Who holds a lease, for whoever has to wait.
fn holder(job: &str) -> String {
    format!("{job}, process {}", std::process::id())
}

/// A lease, and what gives it back when a signal comes first.
struct HeldLease {
    _lease: MaintenanceLease,
    _leases: Leases,
}

/// Takes leases that a signal gives back, so that the next job need not wait until they have run out. A job may
/// be ended anywhere: what it has committed stays, and the rest nobody names.
struct Leases {
    held: Arc<Mutex<Option<LeaseEnd>>>,
    _ends: EndsOnSignal,
}

impl Leases {
    /// Ctrl-C and SIGTERM end the process as long as this lives.
    fn given_back_on_signal() -> anyhow::Result<Self> {
        let held = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&held);
        let ends = stop::end_on_signal(move || {
            let held: Option<LeaseEnd> = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
            match held.map(|end| end.give_back()) {
                Some(Ok(())) => note("stopped; the lease is given back, and what was committed stays"),
                Some(Err(error)) => note(format_args!("stopped; the lease ends by itself: {error}")),
                None => note("stopped"),
            }
        })?;
        Ok(Self { held, _ends: ends })
    }

    /// Takes the lease. A signal that comes meanwhile waits until it is known whether there is one.
    fn take(
        &self,
        lease: impl FnOnce() -> Result<MaintenanceLease, LakeError>,
    ) -> Result<MaintenanceLease, LakeError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let lease = lease()?;
        *held = Some(lease.end());
        Ok(lease)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_lake_is_refused_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let error = open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("there is no lake") && error.contains("hint:"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
