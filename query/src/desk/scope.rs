//! What somebody may see.
//!
//! In: a role, areas and tables, as an operator grants them. Out: a [`Scope`], which travels with each question to
//! where it is planned: tables outside it are not in the catalog, and rows of municipalities outside it are not in
//! the tables. Rows of prefectures and the country, and what says how figures were made, are everybody's.

use std::collections::BTreeSet;
use std::fmt;

use kayoi_schemas::ids::{CodeError, MunicipalityCode, PrefectureCode};
use kayoi_schemas::tables::ReleaseTable;
use serde::{Deserialize, Serialize};

/// What somebody is here for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Asks about released figures.
    Analyst,
    /// The same, and writes what its towns aim at.
    Officer,
    /// Reads who asked what, and nothing else.
    Auditor,
    /// Everybody who has not signed in: the page and named questions, never SQL of their own.
    Public,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Analyst => "analyst",
            Self::Officer => "officer",
            Self::Auditor => "auditor",
            Self::Public => "public",
        })
    }
}

/// Whose figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Areas {
    /// Those of all municipalities.
    #[default]
    All,
    /// Those of municipalities with these codes, and of those whose code begins with one of these prefectures'.
    Only(BTreeSet<String>),
}

/// An area or a table that nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum ScopeError {
    /// The area is no code.
    #[error(
        "`{0}` is no area\nhint: give codes of municipalities such as 20214, of prefectures such as 20, or `all`"
    )]
    Area(String, #[source] CodeError),
    /// The table is none of a release.
    #[error("`{0}` is no release table\nhint: `kayoi schema` lists them")]
    Table(String),
}

impl Areas {
    /// The areas of a list of codes; `all` is everything.
    ///
    /// # Errors
    /// [`ScopeError::Area`] for what is no code.
    pub fn parse(codes: &[String]) -> Result<Self, ScopeError> {
        let mut areas = BTreeSet::new();
        for code in codes {
            if code == "all" {
                return Ok(Self::All);
            }
            let unknown = |source| ScopeError::Area(code.clone(), source);
            areas.insert(if code.len() <= 2 {
                PrefectureCode::parse(code).map_err(unknown)?.to_string()
            } else {
                MunicipalityCode::parse(code).map_err(unknown)?.to_string()
            });
        }
        Ok(if areas.is_empty() { Self::All } else { Self::Only(areas) })
    }
}

impl fmt::Display for Areas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Only(codes) => f.write_str(&codes.iter().map(String::as_str).collect::<Vec<_>>().join(",")),
        }
    }
}

/// What somebody may see. `Default` is all released figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// What they are here for.
    pub role: Role,
    /// Whose figures.
    pub areas: Areas,
    /// Names of tables; all when there are none.
    pub tables: BTreeSet<String>,
}

impl Default for Scope {
    fn default() -> Self {
        Self { role: Role::Analyst, areas: Areas::All, tables: BTreeSet::new() }
    }
}

impl Scope {
    /// A scope of an analyst.
    ///
    /// # Errors
    /// [`ScopeError`] for an area or a table that nobody knows.
    pub fn new(role: Role, areas: &[String], tables: &[String]) -> Result<Self, ScopeError> {
        if let Some(unknown) = tables.iter().find(|table| ReleaseTable::parse(table).is_none()) {
            return Err(ScopeError::Table(unknown.clone()));
        }
        Ok(Self { role, areas: Areas::parse(areas)?, tables: tables.iter().cloned().collect() })
    }

    /// Whether a release table is in it.
    pub(crate) fn has(&self, table: ReleaseTable) -> bool {
        self.role != Role::Auditor && (self.tables.is_empty() || self.tables.contains(table.table().name))
    }

    /// Whether targets of a municipality may be written.
    pub(crate) fn may_aim(&self, town: &str) -> bool {
        let is_its = match &self.areas {
            Areas::All => true,
            Areas::Only(codes) => codes.iter().any(|code| town.starts_with(code.as_str())),
        };
        self.role == Role::Officer && is_its
    }

    /// Whether it is everything that is released, and no more.
    pub(crate) fn is_all_figures(&self) -> bool {
        *self == Self { role: self.role, ..Self::default() } && self.role != Role::Auditor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_codes_and_all_is_everything() {
        let parse =
            |codes: &[&str]| Areas::parse(&codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&["20", "131041"]).unwrap().to_string(), "13104,20");
        assert_eq!(parse(&["20", "all"]).unwrap(), Areas::All);
        assert!(parse(&["99"]).is_err() && parse(&["2021x"]).is_err());
    }

    #[test]
    fn an_auditor_sees_no_figures() {
        let auditor = Scope::new(Role::Auditor, &[], &[]).unwrap();
        assert!(ReleaseTable::ALL.into_iter().all(|table| !auditor.has(table)));
        assert!(Scope::new(Role::Analyst, &[], &["pings".to_owned()]).is_err());
    }
}
