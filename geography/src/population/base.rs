//! Whose count it is: which official statistic a file of people comes from.
//!
//! In: the word that an operator gives. Out: [`Base`], which stands on every row, because the register and the
//! census of one day differ by more than a percent and by far more in towns of students.

use std::fmt;

use serde::Serialize;

/// The statistic that counted the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// 住民基本台帳に基づく人口: who is registered, by 1 January of each year.
    ResidentRegister,
    /// 国勢調査: who lives there, by 1 October of every fifth year.
    Census,
    /// 推計人口: a census carried on by births, deaths and moves.
    Estimate,
}

impl Base {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ResidentRegister, Self::Census, Self::Estimate];

    /// The word in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResidentRegister => "resident_register",
            Self::Census => "census",
            Self::Estimate => "estimate",
        }
    }

    /// The official term.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::ResidentRegister => "住民基本台帳に基づく人口",
            Self::Census => "国勢調査",
            Self::Estimate => "推計人口",
        }
    }

    /// The base of a word; `None` when there is no such base.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|base| base.as_str() == text)
    }
}

impl fmt::Display for Base {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
