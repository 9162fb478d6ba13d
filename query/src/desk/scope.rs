//! What somebody may see.
//!
//! In: a role, areas and tables, as an operator grants them. Out: a [`Scope`], which travels with each question to
//! where it is planned: tables outside it are not in the catalog, and rows of municipalities outside it are not in
//! the tables. Rows of prefectures and the country, and what says how figures were made, are everybody's.

use std::collections::BTreeSet;
use std::fmt;

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::{CodeError, MunicipalityCode, PrefectureCode};
use kayoi_schemas::name::{LONGEST_NAME, is_plain_name};
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
    /// Delivers pings, and reads how its own deliveries fared, and nothing else.
    Partner,
    /// Everybody who has not signed in: the page and named questions, never SQL of their own.
    Public,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Analyst => "analyst",
            Self::Officer => "officer",
            Self::Auditor => "auditor",
            Self::Partner => "partner",
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
    /// A partner without its name, or a name for who is none.
    #[error(
        "role `partner` goes with the name of a partner, and no other role does\nhint: `--role partner --partner NAME`; the name is that of `partner` in the feed's configuration"
    )]
    Partner,
    /// No partner is called so.
    #[error(
        "`{0}` is no partner's name: 1 to {LONGEST_NAME} letters, digits, `.`, `_` and `-`, and more than dots\nhint: take that of `partner` in the feed's configuration"
    )]
    PartnerName(String),
    /// The table is none of a release.
    #[error("`{0}` is no release table\nhint: `kayoi schema` lists them")]
    Table(String),
}

impl ScopeError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Area(..) | Self::Partner | Self::PartnerName(_) | Self::Table(_) => ErrorCode::Argument,
        }
    }
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
    /// Whose deliveries: the name that a feed's configuration gives its partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
}

impl Default for Scope {
    fn default() -> Self {
        Self { role: Role::Analyst, areas: Areas::All, tables: BTreeSet::new(), partner: None }
    }
}

impl Scope {
    /// What somebody may see of a release.
    ///
    /// # Errors
    /// [`ScopeError`] for an area or a table that nobody knows, and for a partner, who sees nothing of a release.
    pub fn new(role: Role, areas: &[String], tables: &[String]) -> Result<Self, ScopeError> {
        if role == Role::Partner {
            return Err(ScopeError::Partner);
        }
        if let Some(unknown) = tables.iter().find(|table| ReleaseTable::parse(table).is_none()) {
            return Err(ScopeError::Table(unknown.clone()));
        }
        let tables = tables.iter().cloned().collect();
        Ok(Self { role, areas: Areas::parse(areas)?, tables, partner: None })
    }

    /// What a partner may see: its own deliveries.
    ///
    /// # Errors
    /// [`ScopeError::PartnerName`] for what no partner of a feed can be called.
    pub fn of_partner(name: &str) -> Result<Self, ScopeError> {
        if !is_plain_name(name) {
            return Err(ScopeError::PartnerName(name.to_owned()));
        }
        Ok(Self { role: Role::Partner, partner: Some(name.to_owned()), ..Self::default() })
    }

    /// Whether there are released figures in it.
    pub(crate) fn sees_figures(&self) -> bool {
        !matches!(self.role, Role::Auditor | Role::Partner)
    }

    /// Whether a release table is in it.
    pub(crate) fn has(&self, table: ReleaseTable) -> bool {
        self.sees_figures() && (self.tables.is_empty() || self.tables.contains(table.table().name))
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
        *self == Self { role: self.role, ..Self::default() } && self.sees_figures()
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
    fn auditors_and_partners_see_no_figures() {
        let auditor = Scope::new(Role::Auditor, &[], &[]).unwrap();
        let partner = Scope::of_partner("alpha").unwrap();
        for scope in [auditor, partner] {
            assert!(!scope.is_all_figures() && !ReleaseTable::ALL.into_iter().any(|table| scope.has(table)));
        }
        assert!(Scope::of_partner(" ").is_err() && Scope::new(Role::Partner, &[], &[]).is_err());
        assert!(Scope::new(Role::Analyst, &[], &["pings".to_owned()]).is_err());
    }
}
