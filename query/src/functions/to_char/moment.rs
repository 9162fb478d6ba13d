//! Patterns of dates and times. In: a pattern, then moments. Out: texts.
//!
//! Read as PostgreSQL reads them: the longest known part first, anything else as it stands, texts in double
//! quotes too. Not read are names in other languages, Roman months, names of zones and spelled-out numbers.

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::PatternError;

const SUPPORTED: &str = "YYYY, YYY, YY, Y, IYYY, MM, Month, Mon, DD, DDD, IDDD, D, ID, Day, Dy, W, WW, IW, Q, CC, J, \
    HH, HH12, HH24, MI, SS, MS, US, FF1 to FF6, SSSS, AM, BC, OF, TZH, TZM, FM before a part and TH after a number";

/// A moment on the clocks of a zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// What the clocks show.
    pub(super) local: NaiveDateTime,
    /// How far they are ahead of UTC, seconds.
    pub(super) offset_seconds: i32,
}

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct MomentPattern(Vec<Part>);

#[derive(Debug)]
enum Part {
    AsIt(String),
    Field { name: &'static str, is_filled: bool, ordinal: Option<bool> },
}

/// The parts, longer ones before those that they begin with. What is in `REFUSED` is known and not written.
/// The case of letters counts for words only.
const NUMBERS: [&str; 37] = [
    "Y,YYY", "YYYY", "YYY", "YY", "IYYY", "IYY", "IY", "IDDD", "IW", "ID", "DDD", "DD", "HH24", "HH12", "HH",
    "MM", "MI", "MS", "SSSSS", "SSSS", "SS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "TZH", "TZM",
    "OF", "WW", "CC", "Y", "I", "Q", "J",
];
const ONE_LETTER: [&str; 2] = ["D", "W"];
const WORDS: [&str; 22] = [
    "MONTH", "Month", "month", "MON", "Mon", "mon", "DAY", "Day", "day", "DY", "Dy", "dy", "A.M.", "P.M.",
    "a.m.", "p.m.", "AM", "PM", "am", "pm", "BC", "AD",
];
const REFUSED: [&str; 12] = ["TM", "RM", "rm", "TZ", "tz", "SP", "bc", "ad", "B.C.", "A.D.", "b.c.", "a.d."];

impl MomentPattern {
    pub(super) fn read(pattern: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            if letter == '"' {
                let (text, after) = quoted(&rest[1..]);
                parts.push(Part::AsIt(text));
                rest = after;
                continue;
            }
            let is_filled = !starts(rest, "FM");
            let field = if is_filled { rest } else { &rest[2..] };
            if let Some(name) = WORDS.iter().find(|word| field.starts_with(**word)) {
                parts.push(Part::Field { name, is_filled, ordinal: None });
                rest = &field[name.len()..];
            } else if let Some(name) = NUMBERS.iter().find(|number| starts(field, number)) {
                rest = number(name, is_filled, &field[name.len()..], &mut parts);
            } else if let Some(part) = REFUSED.iter().find(|part| field.starts_with(**part)) {
                return Err(PatternError::Unsupported { part: (*part).to_owned(), supported: SUPPORTED });
            } else if let Some(name) = ONE_LETTER.iter().find(|number| starts(field, number)) {
                rest = number(name, is_filled, &field[name.len()..], &mut parts);
            } else if is_filled {
                let size = letter.len_utf8();
                // A backslash outside quotes keeps its place, as in PostgreSQL.
                parts.push(Part::AsIt(rest[..size].to_owned()));
                rest = &rest[size..];
            } else {
                rest = field;
            }
        }
        Ok(Self(parts))
    }

    pub(super) fn write(&self, moment: &Moment) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::AsIt(it) => text.push_str(it),
                Part::Field { name, is_filled, ordinal } => {
                    let mut field = field(name, moment, *is_filled);
                    if let Some(is_upper) = ordinal {
                        let suffix = suffix(&field);
                        field.push_str(&if *is_upper { suffix.to_uppercase() } else { suffix.to_owned() });
                    }
                    text.push_str(&field);
                }
            }
        }
        text
    }
}

/// A number may be followed by TH or th; gives what comes after.
fn number<'a>(name: &'static str, is_filled: bool, after: &'a str, parts: &mut Vec<Part>) -> &'a str {
    let ordinal = match after.get(..2) {
        Some("TH") => Some(true),
        Some("th") => Some(false),
        _ => None,
    };
    parts.push(Part::Field { name, is_filled, ordinal });
    if ordinal.is_some() { &after[2..] } else { after }
}

fn starts(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// The text up to the closing quote, and what comes after it.
fn quoted(text: &str) -> (String, &str) {
    let mut inner = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (inner, &text[at + 1..]),
            '\\' => inner.extend(letters.next().map(|(_, next)| next)),
            other => inner.push(other),
        }
    }
    (inner, "")
}

fn suffix(number: &str) -> &'static str {
    let tail = number.trim_start().get(number.trim_start().len().saturating_sub(2)..).unwrap_or_default();
    match tail.as_bytes() {
        [b'1', _] => "th",
        [.., b'1'] => "st",
        [.., b'2'] => "nd",
        [.., b'3'] => "rd",
        _ => "th",
    }
}

fn field(name: &str, moment: &Moment, is_filled: bool) -> String {
    let at = &moment.local;
    let digits = |number: i64, width: usize| {
        if is_filled { format!("{number:0width$}") } else { number.to_string() }
    };
    let week = at.iso_week();
    let (iso_year, year) = (i64::from(week.year()), i64::from(at.year()));
    let micros = i64::from(at.nanosecond() / 1_000);
    let day = i64::from(at.ordinal());
    let offset = moment.offset_seconds;
    let (sign, ahead) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
    match name {
        "Y,YYY" => format!("{},{:03}", year / 1_000, year % 1_000),
        "YYYY" => digits(year, 4),
        "YYY" => digits(year % 1_000, 3),
        "YY" => digits(year % 100, 2),
        "Y" => digits(year % 10, 1),
        "IYYY" => digits(iso_year, 4),
        "IYY" => digits(iso_year % 1_000, 3),
        "IY" => digits(iso_year % 100, 2),
        "I" => digits(iso_year % 10, 1),
        "IDDD" => digits(i64::from((week.week() - 1) * 7 + at.weekday().number_from_monday()), 3),
        "IW" => digits(week.week().into(), 2),
        "ID" => digits(at.weekday().number_from_monday().into(), 1),
        "DDD" => digits(day, 3),
        "DD" => digits(at.day().into(), 2),
        "D" => digits(at.weekday().number_from_sunday().into(), 1),
        "HH24" => digits(at.hour().into(), 2),
        "HH12" | "HH" => digits(at.hour12().1.into(), 2),
        "MI" => digits(at.minute().into(), 2),
        "SS" => digits(at.second().into(), 2),
        "SSSS" | "SSSSS" => digits(at.num_seconds_from_midnight().into(), 1),
        "MS" | "FF3" => digits(micros / 1_000, 3),
        "US" | "FF6" => digits(micros, 6),
        "FF1" => digits(micros / 100_000, 1),
        "FF2" => digits(micros / 10_000, 2),
        "FF4" => digits(micros / 100, 4),
        "FF5" => digits(micros / 10, 5),
        "MM" => digits(at.month().into(), 2),
        "WW" => digits((day - 1) / 7 + 1, 2),
        "W" => digits(i64::from((at.day() - 1) / 7 + 1), 1),
        "Q" => digits(i64::from((at.month() - 1) / 3 + 1), 1),
        "CC" => digits((year - 1).div_euclid(100) + 1, 2),
        // Chrono counts from the first day of year 1, Julian days from 4713 BC.
        "J" => digits(i64::from(at.num_days_from_ce()) + 1_721_425, 1),
        "TZH" => format!("{sign}{:02}", ahead / 3_600),
        "TZM" => format!("{:02}", ahead % 3_600 / 60),
        "OF" if ahead % 3_600 == 0 => format!("{sign}{:02}", ahead / 3_600),
        "OF" => format!("{sign}{:02}:{:02}", ahead / 3_600, ahead % 3_600 / 60),
        word => written(word, at, is_filled),
    }
}

/// The months in English.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A word, in the case of the pattern's own letters.
fn written(word: &str, at: &NaiveDateTime, is_filled: bool) -> String {
    let month = MONTHS[at.month0() as usize];
    let day = DAYS[at.weekday().num_days_from_monday() as usize];
    let is_morning = at.hour() < 12;
    let (text, width) = match word.to_ascii_uppercase().as_str() {
        "MONTH" => (month, 9),
        "MON" => (&month[..3], 3),
        "DAY" => (day, 9),
        "DY" => (&day[..3], 3),
        "AM" | "PM" => (if is_morning { "AM" } else { "PM" }, 2),
        "BC" | "AD" => (if at.year() > 0 { "AD" } else { "BC" }, 2),
        _ => (if is_morning { "A.M." } else { "P.M." }, 4),
    };
    let text = match word.as_bytes() {
        [first, ..] if first.is_ascii_lowercase() => text.to_lowercase(),
        [_, second, ..] if second.is_ascii_lowercase() => text.to_owned(),
        _ => text.to_uppercase(),
    };
    if is_filled { format!("{text:<width$}") } else { text }
}
