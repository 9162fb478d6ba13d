//! A partner's own names and spellings.
//!
//! In: `theirs=ours` pairs of a configuration. Out: for each field name that a record carries, the contract's
//! name, or that it has none. Decoders ask by name; compiled formats ask once per schema.

use std::collections::HashMap;

use kayoi_schemas::ping::CONTRACT;

use super::value::spelling::Spelling;

/// The partner's names for the contract's fields, and its spelling of their values.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    ours: HashMap<String, &'static str>,
    /// How values are written.
    pub(crate) spelling: Spelling,
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
            self.ours.insert(theirs.to_owned(), known);
            return Ok(());
        }
        let nearest = contract.min_by_key(|name| strsim::levenshtein(name, ours));
        let (theirs, ours) = (theirs.to_owned(), ours.to_owned());
        Err(UnknownField { theirs, ours, nearest: nearest.unwrap_or_default() })
    }

    /// The contract's name for a partner's field; `None` for one that is not in the contract.
    pub(crate) fn field(&self, theirs: &str) -> Option<&'static str> {
        if let Some(ours) = self.ours.get(theirs) {
            return Some(ours);
        }
        let own = CONTRACT.iter().map(|field| field.name).find(|name| *name == theirs)?;
        // A field that is mapped from another name is taken from there only.
        (!self.ours.values().any(|mapped| *mapped == own)).then_some(own)
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
}
