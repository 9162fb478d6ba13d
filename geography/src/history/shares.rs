//! Shares: how a code's people divide over the codes on the other side of a change.
//!
//! In: weights that a caller has, residents by 町字 for example. Out: [`Shares`] for conversion, checked
//! against the table when they are given, so that a wrong part is an error there and not a wrong figure
//! later.
//!
//! Weights rather than shares are asked for, because that is what a register or census gives, and because
//! parts of one whole then sum to 1 by construction.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;

use super::direction::Direction;
use super::{CodeDate, CodeHistory, HistoryError, Share};

/// The parts of one code on the other side of one change.
type Parts = Vec<(MunicipalityCode, Share)>;

/// Shares that no official source gives, supplied by the caller. Empty at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    divided: BTreeMap<(CodeDate, MunicipalityCode, Direction), Parts>,
}

impl Shares {
    /// Supplies how `code` divides over the change of `date`: forward in time into its successors, or back
    /// into those it was made of; the parts tell which. `weights` are numbers of people in each part (or
    /// anything in proportion) and every part must have one.
    ///
    /// ```
    /// use kayoi_geography::history::{CodeDate, CodeHistory, Shares};
    /// use kayoi_schemas::ids::MunicipalityCode;
    /// let code = MunicipalityCode::parse;
    /// let date = |text| CodeDate::parse(text).unwrap();
    /// let (end_of_2023, new_year) = (date("2023-12-31"), date("2024-01-01"));
    /// let (history, north) = (CodeHistory::japan(), code("22135")?);
    /// assert!(history.convert(north, end_of_2023, new_year).is_err());
    /// let mut shares = Shares::default();
    /// // The numbers are made up; take residents by 町字 of the year the figures are from.
    /// shares.add(history, north, new_year, &[(code("22138")?, 1.0), (code("22139")?, 3.0)])?;
    /// let parts = history.convert_with(north, end_of_2023, new_year, &shares)?;
    /// assert_eq!(parts[1].1.value(), 0.75);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`HistoryError::WrongParts`] when the parts are not those of the change in either direction,
    /// [`HistoryError::WrongWeight`] when the weights are negative, not finite or all 0.
    pub fn add(
        &mut self,
        history: &CodeHistory,
        code: MunicipalityCode,
        date: CodeDate,
        weights: &[(MunicipalityCode, f64)],
    ) -> Result<(), HistoryError> {
        let mut given: Vec<MunicipalityCode> = weights.iter().map(|&(part, _)| part).collect();
        given.sort_unstable();
        let sides = Direction::BOTH.map(|direction| (direction, history.neighbours(code, date, direction)));
        let Some((direction, _)) = sides.iter().find(|(_, parts)| parts.len() > 1 && *parts == given) else {
            let several = sides.iter().filter(|(_, parts)| parts.len() > 1);
            let expected: Vec<_> = several.map(|(_, parts)| listed(parts)).collect();
            let expected = if expected.is_empty() {
                "none: it is not divided".to_owned()
            } else {
                expected.join(" or ")
            };
            return Err(HistoryError::WrongParts { code, date, given: listed(&given), expected });
        };
        let sum: f64 = weights.iter().map(|&(_, weight)| weight).sum();
        let wrong =
            weights.iter().map(|&(_, weight)| weight).find(|weight| !(0.0..f64::INFINITY).contains(weight));
        if let Some(weight) = wrong.or((!(sum > 0.0 && sum.is_finite())).then_some(sum)) {
            return Err(HistoryError::WrongWeight { code, date, weight });
        }
        let parts = weights.iter().map(|&(part, weight)| (part, Share::rounded(weight / sum))).collect();
        self.divided.insert((date, code, *direction), parts);
        Ok(())
    }

    /// What was supplied for a part.
    pub(super) fn get(
        &self,
        (code, date, direction): (MunicipalityCode, CodeDate, Direction),
        part: MunicipalityCode,
    ) -> Option<Share> {
        let parts = self.divided.get(&(date, code, direction))?;
        parts.iter().find(|(supplied, _)| *supplied == part).map(|&(_, share)| share)
    }
}

/// Codes in backticks for an error's text.
pub(super) fn listed(codes: &[MunicipalityCode]) -> String {
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}
