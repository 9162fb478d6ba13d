//! A partner's own names and spellings.
//!
//! In: `theirs=ours` pairs of a configuration. Out: for each field name that a record carries, the contract's
//! name, or that it has none. Decoders ask by name; compiled formats ask once per schema.
//!
//! A name of the partner's may be a path into what is nested, as `location.latitude` or `coordinates.0`. The
//! path of a value is the names that lead to it, joined by dots, and is compared as a whole: so a name that
//! has a dot in it is found too. Names that no record ever had are told at the end of a run.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kayoi_schemas::ping::CONTRACT;

use super::slot::Slot;
use super::value::spelling::Spelling;

/// The partner's names for the contract's fields, and its spelling of their values.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    ours: HashMap<String, Target>,
    /// Whether a name of the partner's may be a path.
    has_paths: bool,
    /// Whether a record or schema was ever looked at by it.
    was_used: Arc<AtomicBool>,
    /// How values are written.
    pub(crate) spelling: Spelling,
}

/// What a partner's name stands for, and whether it was ever met.
#[derive(Debug, Clone)]
struct Target {
    ours: &'static str,
    was_met: Arc<AtomicBool>,
}

/// A mapping that names no field of the contract.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot map `{theirs}` to `{ours}`: the contract has no such field\nhint: did you mean `{nearest}`? `kayoi schema --contract` lists them"
)]
pub struct UnknownField {
    /// The partner's name.
    theirs: String,
    /// The name that was given as the contract's.
    ours: String,
    /// The contract's name that is nearest to it.
    nearest: &'static str,
}

impl Mapping {
    /// Adds `theirs=ours`.
    ///
    /// # Errors
    /// [`UnknownField`] when the contract has no field `ours`.
    pub(crate) fn add(&mut self, theirs: &str, ours: &str) -> Result<(), UnknownField> {
        let contract = CONTRACT.iter().map(|field| field.name);
        if let Some(known) = contract.clone().find(|name| *name == ours) {
            self.has_paths |= theirs.contains('.');
            self.ours.insert(theirs.to_owned(), Target { ours: known, was_met: Arc::default() });
            return Ok(());
        }
        let nearest = contract.min_by_key(|name| strsim::levenshtein(name, ours));
        let (theirs, ours) = (theirs.to_owned(), ours.to_owned());
        Err(UnknownField { theirs, ours, nearest: nearest.unwrap_or_default() })
    }

    /// The contract's name for a partner's field; `None` for one that is not in the contract.
    pub(crate) fn field(&self, theirs: &str) -> Option<&'static str> {
        if let Some(ours) = self.nested(theirs) {
            return Some(ours);
        }
        let own = CONTRACT.iter().map(|field| field.name).find(|name| *name == theirs)?;
        // A field that is mapped from another name is taken from there only.
        (!self.ours.values().any(|target| target.ours == own)).then_some(own)
    }

    /// The place of a partner's field. Most partners have no names of their own, and nothing to look for.
    #[inline]
    pub(super) fn slot(&self, theirs: &str) -> Option<Slot> {
        if self.ours.is_empty() { Slot::named(theirs) } else { self.field(theirs).map(Slot::of) }
    }

    /// The contract's name for a value by its path. The contract's own names count only where nothing leads
    /// to them.
    pub(crate) fn nested(&self, path: &str) -> Option<&'static str> {
        // A look before the write: a flag that all threads write for each record would slow them all.
        if !self.was_used.load(Ordering::Relaxed) {
            self.was_used.store(true, Ordering::Relaxed);
        }
        let target = self.ours.get(path)?;
        if !target.was_met.load(Ordering::Relaxed) {
            target.was_met.store(true, Ordering::Relaxed);
        }
        Some(target.ours)
    }

    /// Whether a name of the partner's leads into what stands at a path.
    pub(crate) fn leads_into(&self, path: &str) -> bool {
        let is_below = |name: &String| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.has_paths && self.ours.keys().any(is_below)
    }

    /// The partner's names that no record had, sorted; empty when no record was looked at.
    pub(crate) fn never_met(&self) -> Vec<String> {
        if !self.was_used.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let met = |target: &Target| target.was_met.load(Ordering::Relaxed);
        let mut names: Vec<String> =
            self.ours.iter().filter(|(_, target)| !met(target)).map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_the_contract_lacks_is_refused_with_the_nearest_one() {
        let error = Mapping::default().add("lon", "longtude").unwrap_err().to_string();
        assert!(error.contains("`longtude`") && error.contains("`longitude`"), "{error}");
    }

    #[test]
    fn a_name_with_a_dot_is_a_path_and_a_name() {
        let mut mapping = Mapping::default();
        mapping.add("location.latitude", "latitude").unwrap();
        assert_eq!(mapping.field("location.latitude"), Some("latitude"));
        assert!(mapping.leads_into("location") && !mapping.leads_into("loc"));
        assert!(!mapping.leads_into("location.latitude"));
        assert_eq!(mapping.nested("longitude"), None);
    }

    #[test]
    fn a_name_that_was_never_met_is_told_once_something_was_read() {
        let mut mapping = Mapping::default();
        mapping.add("lat", "latitude").unwrap();
        mapping.add("lon", "longitude").unwrap();
        assert!(mapping.never_met().is_empty());
        mapping.field("lon");
        assert_eq!(mapping.never_met(), ["lat"]);
    }
}
