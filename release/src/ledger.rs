//! What a series costs in privacy, added up from declarations.
//!
//! In: the lattices of all tables, the parameters, how often everything is published. Out: a [`Ledger`]
//! with two lines. It is known before any data are read, and a run that would cost more than the budget is
//! refused then.

use kayoi_schemas::disclosure::{LATTICES, Line, Parameters};

use crate::error::ReleaseError;

/// All that is spent.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// Its lines.
    pub lines: Vec<LineSum>,
}

/// What one unit of a line costs at most.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSum {
    /// The line.
    pub line: Line,
    /// rho that it may cost.
    pub budget: f64,
    /// How often everything is published: once in each edition, and in a run of several definitions by each of them.
    /// In a real series another definition begins another edition.
    pub times: u32,
    /// What each draw costs once: table, what is drawn, rho.
    pub entries: Vec<(&'static str, &'static str, f64)>,
}

impl LineSum {
    /// rho altogether.
    pub fn spent(&self) -> f64 {
        let once: f64 = self.entries.iter().map(|(_, _, rho)| rho).sum();
        once * f64::from(self.times)
    }

    /// How much better than by guessing somebody who knows everything else can tell whether a unit is in the
    /// data: right minus wrong answers, at most. That of Gaussian noise: 2 Φ(√(2 rho) / 2) - 1.
    pub fn advantage(&self) -> f64 {
        let distance = (2.0 * self.spent()).sqrt();
        // 2 Φ(x) - 1 = erf(x / √2)
        libm::erf(0.5 * distance * std::f64::consts::FRAC_1_SQRT_2)
    }
}

impl Ledger {
    /// The ledger of everything published so many times.
    pub fn new(parameters: &Parameters, times: u32) -> Self {
        let times = times.max(1);
        let sum = |line: Line| LineSum {
            line,
            budget: line.budget(parameters),
            times,
            entries: LATTICES
                .iter()
                .filter(|lattice| lattice.line == line)
                .flat_map(|lattice| {
                    let name = lattice.table.table().name;
                    lattice.draws.iter().map(move |draw| (name, draw.what, draw.rho(parameters)))
                })
                .collect(),
        };
        Self { lines: Line::ALL.map(sum).into() }
    }

    /// Refuses what would cost more than the budget.
    ///
    /// # Errors
    /// [`ReleaseError::OverBudget`] names the line.
    pub fn check(&self) -> Result<(), ReleaseError> {
        match self.lines.iter().find(|line| line.spent() > line.budget) {
            Some(line) => Err(ReleaseError::OverBudget {
                line: line.line.name(),
                cost: line.spent(),
                budget: line.budget,
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_is_within_the_budget_and_a_second_edition_is_not() {
        for parameters in [Parameters::STANDARD, Parameters::STRICT] {
            assert!(Ledger::new(&parameters, 1).check().is_ok());
            let error = Ledger::new(&parameters, 2).check().unwrap_err();
            assert!(matches!(error, ReleaseError::OverBudget { line: "tie-year", .. }), "{error}");
        }
    }

    #[test]
    fn a_raised_budget_lets_another_edition_through() {
        let parameters = Parameters { tie_year_budget: 7.0, tie_month_budget: 2.0, ..Parameters::STANDARD };
        assert!(Ledger::new(&parameters, 2).check().is_ok());
    }
}
