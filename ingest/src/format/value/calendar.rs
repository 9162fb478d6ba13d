//! The text of a date and a time, as standards and programs write it → its parts.
//!
//! In: `2025-06-15T15:06:40.123+09:00` and its cousins of PostgreSQL, BigQuery, Traccar and Excel. Out: a
//! local time and, when the text names it, how far that is from UTC. Libraries read either less (RFC 3339
//! alone) or more (a second 60, a day without a time), and by a list of patterns that is tried for each text;
//! one pass over the bytes reads just what the contract lists. Calendar arithmetic is chrono's.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A date and time, and the zone that stands behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// What a clock showed.
    pub(super) local: NaiveDateTime,
    /// Seconds by which it is ahead of UTC; `None` when the text names no zone.
    pub(super) offset_s: Option<i32>,
}

/// Words behind a time, and how many hours they are ahead of UTC.
const ZONES: [(&[u8], i32); 4] = [(b"Z", 0), (b"UTC", 0), (b"GMT", 0), (b"JST", 9)];
/// No place is further behind or ahead of UTC, hours.
const OFFSET_HOURS: std::ops::RangeInclusive<i32> = -12..=14;
/// Digits of a fraction of a second that are read: nanoseconds.
const MOST_FRACTION_DIGITS: usize = 9;

/// Reads a text without blanks around it; `None` when it is not a date and a time.
pub(super) fn written(text: &str) -> Option<Written> {
    let mut rest = Rest(text.as_bytes());
    let (date, takes_short_hours) = date(&mut rest)?;
    if !(rest.takes(b'T') || rest.takes(b't') || rest.takes(b' ')) {
        return None;
    }
    let local = date.and_time(time(&mut rest, takes_short_hours)?);
    rest.takes(b' ');
    let offset_s = match without_name(rest.0) {
        [] if rest.0.is_empty() => None,
        zone => Some(offset_seconds(zone)?),
    };
    Some(Written { local, offset_s })
}

/// An offset without the name of its zone, which Java writes behind it in brackets. The offset goes before it.
fn without_name(zone: &[u8]) -> &[u8] {
    match zone.iter().position(|byte| *byte == b'[') {
        Some(at) if zone.ends_with(b"]") => &zone[..at],
        _ => zone,
    }
}

/// Seconds ahead of UTC of `Z`, `UTC`, `GMT`, `JST`, `+09:00`, `+0900` or `+09`.
pub(super) fn offset_seconds(text: &[u8]) -> Option<i32> {
    if let Some((_, hours)) = ZONES.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
        return Some(hours * 3600);
    }
    let (sign, rest) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let mut rest = Rest(rest);
    let hours = rest.number(2)? as i32;
    let has_colon = rest.takes(b':');
    let minutes = if rest.0.is_empty() && !has_colon { 0 } else { rest.number(2)? as i32 };
    let is_real = rest.0.is_empty() && minutes < 60 && OFFSET_HOURS.contains(&(sign * hours));
    is_real.then_some(sign * (hours * 3600 + minutes * 60))
}

/// A date with hyphens, without, or with slashes; the last is how spreadsheets write it, and they write months,
/// days and hours below 10 with one digit.
fn date(rest: &mut Rest<'_>) -> Option<(NaiveDate, bool)> {
    let year = rest.number(4)?;
    let has_slashes = rest.takes(b'/');
    let (month, day) = if has_slashes {
        let month = rest.short_number()?;
        (month, rest.takes(b'/').then(|| rest.short_number())??)
    } else if rest.takes(b'-') {
        let month = rest.number(2)?;
        (month, rest.takes(b'-').then(|| rest.number(2))??)
    } else {
        (rest.number(2)?, rest.number(2)?)
    };
    Some((NaiveDate::from_ymd_opt(year as i32, month, day)?, has_slashes))
}

/// Hours and minutes with or without a colon; seconds and their fraction may be left out.
fn time(rest: &mut Rest<'_>, takes_short_hours: bool) -> Option<NaiveTime> {
    let hour = if takes_short_hours { rest.short_number()? } else { rest.number(2)? };
    let has_colons = rest.takes(b':');
    let minute = rest.number(2)?;
    let has_second =
        if has_colons { rest.takes(b':') } else { rest.0.first().is_some_and(u8::is_ascii_digit) };
    let second = if has_second { rest.number(2)? } else { 0 };
    let nanosecond = if has_second && (rest.takes(b'.') || rest.takes(b',')) { rest.fraction()? } else { 0 };
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)
}

/// The bytes that were not read yet.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    /// Takes a byte, if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// A number of exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (taken, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let add = |sum: u32, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'));
        taken.iter().try_fold(0, add)
    }

    /// A number of one or two digits.
    fn short_number(&mut self) -> Option<u32> {
        let digits = self.0.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 { None } else { self.number(digits) }
    }

    /// Nanoseconds of one to nine digits.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_read = (1..=MOST_FRACTION_DIGITS).contains(&digits);
        is_read
            .then(|| self.number(digits))?
            .map(|number| number * 10u32.pow((MOST_FRACTION_DIGITS - digits) as u32))
    }
}
