//! From the codes of one date to the codes of another, by shares.
//!
//! In: a code and two dates in either order. Out: the codes that hold its people on the other date, with
//! shares that sum to 1; or the whole table for export.
//!
//! # What may be converted and summed
//!
//! Converting a count gives `count × share` for each part. That is right for counts of person × municipality
//! (延べ人数: visitor days, nights, ties per municipality), and the sum over all codes is kept. Fractions are
//! meant: round after summing, once.
//!
//! Distinct people (実人数) do not add up. Somebody with ties to both 岩舟町 and 栃木市 counts in each before the
//! merger and once after it, so the sum of converted figures is an upper bound (`distinct ≤ sum`); the exact
//! figure comes only from devices counted again on the other codes. Nor may a suppressed figure (NULL) be
//! taken as 0: a sum with a suppressed part is suppressed.
//!
//! Shares are of residents, in the whole of a code. They say nothing about where visitors of that code went.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;

use super::direction::Direction;
use super::shares::listed;
use super::{CodeDate, CodeHistory, HistoryError, Share, Shares};

/// One row of a conversion table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conversion {
    /// Code on the date converted from.
    pub from_code: MunicipalityCode,
    /// Code on the date converted to.
    pub to_code: MunicipalityCode,
    /// The last change on the way that this code took part in; `None` where nothing changed. Same codes with
    /// a date are one code before and after it took in another, or got another name.
    pub date: Option<CodeDate>,
    /// Share of the code's people; `None` where it is not known and was not supplied.
    pub share: Option<Share>,
}

/// A crossing of a change whose shares are not known.
#[derive(Clone, Copy, Debug)]
struct Gap {
    code: MunicipalityCode,
    date: CodeDate,
    direction: Direction,
}

/// A part of the code on the way, after the changes crossed so far.
#[derive(Clone, Copy, Debug)]
struct Part {
    share: Result<f64, Gap>,
    changed: Option<CodeDate>,
}

type Parts = BTreeMap<MunicipalityCode, Part>;

impl CodeHistory {
    /// The codes of date `to` that hold the people of `code` of date `from`, with shares that sum to 1. The
    /// same code with [`Share::WHOLE`] when nothing changed. Read the module's text on what may be summed.
    ///
    /// # Errors
    /// [`HistoryError::UnknownCode`] when `code` was not in use on `from`, [`HistoryError::TooEarly`] when a
    /// date is before the history, [`HistoryError::Divided`] or [`HistoryError::Merged`] when shares are not
    /// known.
    pub fn convert(
        &self,
        code: MunicipalityCode,
        from: CodeDate,
        to: CodeDate,
    ) -> Result<Vec<(MunicipalityCode, Share)>, HistoryError> {
        self.convert_with(code, from, to, &Shares::default())
    }

    /// As [`Self::convert`], with shares that the caller supplies where no official source gives them.
    ///
    /// # Errors
    /// As [`Self::convert`].
    pub fn convert_with(
        &self,
        code: MunicipalityCode,
        from: CodeDate,
        to: CodeDate,
        shares: &Shares,
    ) -> Result<Vec<(MunicipalityCode, Share)>, HistoryError> {
        not_too_early([from, to])?;
        if !self.exists(code, from) {
            return Err(HistoryError::UnknownCode { code, date: from, in_use: self.in_use(code) });
        }
        let share = |part: Part| part.share.map(Share::rounded).map_err(|gap| self.unknown_shares(gap));
        self.follow(code, from, to, shares).into_iter().map(|(code, part)| Ok((code, share(part)?))).collect()
    }

    /// The conversion of every code of date `from` to date `to`, by old code, then new code. Unlike
    /// [`Self::convert`] it does not stop where shares are unknown, so that the table can be exported and the
    /// gaps seen and filled: such a row has no share.
    ///
    /// # Errors
    /// [`HistoryError::TooEarly`] when a date is before the history.
    pub fn table(
        &self,
        from: CodeDate,
        to: CodeDate,
        shares: &Shares,
    ) -> Result<Vec<Conversion>, HistoryError> {
        not_too_early([from, to])?;
        let rows = self.codes(from).into_iter().flat_map(|from_code| {
            self.follow(from_code, from, to, shares).into_iter().map(move |(to_code, part)| Conversion {
                from_code,
                to_code,
                date: part.changed,
                share: part.share.ok().map(Share::rounded),
            })
        });
        Ok(rows.collect())
    }

    /// Crosses one change after the other.
    fn follow(&self, code: MunicipalityCode, from: CodeDate, to: CodeDate, shares: &Shares) -> Parts {
        let mut dates: Vec<CodeDate> = self.changes(from, to).map(|change| change.date).collect();
        dates.dedup();
        let direction = if from <= to { Direction::Forward } else { Direction::Back };
        if direction == Direction::Back {
            dates.reverse();
        }
        let start = Parts::from([(code, Part { share: Ok(1.0), changed: None })]);
        dates.into_iter().fold(start, |parts, date| self.cross(parts, date, direction, shares))
    }

    fn cross(&self, parts: Parts, date: CodeDate, direction: Direction, shares: &Shares) -> Parts {
        let mut crossed = Parts::new();
        for (code, part) in parts {
            let next = self.across(code, date, direction);
            if next.is_empty() {
                add(&mut crossed, code, part);
            }
            for (next, share) in next {
                let share = share.or_else(|| shares.get((code, date, direction), next)).ok_or(Gap {
                    code,
                    date,
                    direction,
                });
                let share = part.share.and_then(|so_far| share.map(|share| so_far * share.value()));
                add(&mut crossed, next, Part { share, changed: Some(date) });
            }
        }
        crossed
    }

    fn unknown_shares(&self, gap: Gap) -> HistoryError {
        let Gap { code, date, direction } = gap;
        let parts = self.neighbours(code, date, direction);
        let among = listed(&parts);
        let weights =
            parts.iter().map(|part| format!("--weight {part}=PEOPLE")).collect::<Vec<_>>().join(" ");
        let instead = self.cities.get(&code).map_or_else(String::new, |city| {
            format!("; or roll the wards up to their city `{city}`, whose code did not change")
        });
        match direction {
            Direction::Forward => HistoryError::Divided { code, date, among, weights, instead },
            Direction::Back => HistoryError::Merged { code, date, among, weights, instead },
        }
    }
}

/// Parts that meet again add up; the sum is not known when one of them is not.
fn add(parts: &mut Parts, code: MunicipalityCode, part: Part) {
    let Some(there) = parts.get_mut(&code) else {
        parts.insert(code, part);
        return;
    };
    there.share = there.share.and_then(|one| part.share.map(|other| one + other));
    there.changed = there.changed.max(part.changed);
}

fn not_too_early(dates: [CodeDate; 2]) -> Result<(), HistoryError> {
    match dates.into_iter().find(|&date| date < CodeDate::EARLIEST) {
        Some(date) => Err(HistoryError::TooEarly { date }),
        None => Ok(()),
    }
}
