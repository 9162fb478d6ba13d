//! Age and sex of the person behind a device, as far as a partner says.
//!
//! In: words of a partner, `40代`, `35-39`, `65歳以上`, `43`, `女性`. Out: [`AgeBand`] and [`Sex`], or nothing: what cannot
//! be read is unknown, never a guess, and no reason against a record. An age in years is coarsened to five of them
//! before anybody stores it. Figures know [`AgeClass`] alone; a band that lies in two of them is part of each.

use std::fmt;

use crate::spelling::trimmed;

/// Completed years, both ends included; without an upper end it is open, `65+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgeBand {
    /// The youngest.
    pub from: u8,
    /// The oldest, `None` for no limit.
    pub to: Option<u8>,
}

/// Years that a band has at least where it is one person's.
const LEAST_YEARS: u8 = 5;
/// The oldest age that a person of an open band is taken for, where the band is shared out.
const LAST_YEAR: u8 = 89;

impl AgeBand {
    /// The oldest age that a band may begin with.
    pub const OLDEST: u8 = 130;

    /// A band; `None` when its ends are the wrong way round or beyond [`Self::OLDEST`].
    pub fn new(from: u8, to: Option<u8>) -> Option<Self> {
        let is_in_order = to.is_none_or(|to| from <= to && to <= Self::OLDEST);
        (is_in_order && from <= Self::OLDEST).then_some(Self { from, to })
    }

    /// The band of a partner's word, of five years at least; `None` when it says no age.
    ///
    /// ```
    /// use kayoi_schemas::person::AgeBand;
    /// let band = |word| AgeBand::of_person(word).map(|band| band.to_string());
    /// assert_eq!(band("40代").as_deref(), Some("40-49"));
    /// assert_eq!(band("43").as_deref(), Some("40-44"));
    /// assert_eq!(band("６５歳以上").as_deref(), Some("65+"));
    /// assert_eq!(band("unknown"), None);
    /// ```
    pub fn of_person(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter_map(plain_letter).collect();
        let open = ["歳以上", "才以上", "代以上", "以上", "+", "andover", "andolder", "andabove", "~", "-"];
        if let Some(from) = open.iter().find_map(|end| plain.strip_suffix(end)) {
            return Self::new(years(from)?, None);
        }
        let below = ["歳未満", "才未満", "未満"].iter().find_map(|end| plain.strip_suffix(end));
        if let Some(limit) = below.or_else(|| plain.strip_prefix("under")).or_else(|| plain.strip_prefix('<'))
        {
            return Self::new(0, Some(years(limit)?.checked_sub(1)?)).map(Self::widened);
        }
        if let Some(decade) = ["歳代", "才代", "代", "s"].iter().find_map(|end| plain.strip_suffix(end))
        {
            let from = years(decade).filter(|from| from % 10 == 0)?;
            return Self::new(from, Some(from + 9));
        }
        let word = ["歳", "才"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(&plain);
        let ends = word.split_once(['~', '-', '_']).or_else(|| word.split_once("to"));
        let (from, to) = match ends {
            Some((from, to)) => {
                let from = ["歳", "才"].iter().find_map(|end| from.strip_suffix(end)).unwrap_or(from);
                (years(from)?, years(to)?)
            }
            None => (years(word)?, years(word)?),
        };
        Self::new(from, Some(to)).map(Self::widened)
    }

    /// The same, or the five years that it lies in where it has fewer: nobody's age is kept to the year.
    fn widened(self) -> Self {
        let Some(to) = self.to.filter(|to| to - self.from + 1 < LEAST_YEARS) else { return self };
        let first = |year: u8| year / LEAST_YEARS * LEAST_YEARS;
        Self { from: first(self.from), to: Some(first(to) + LEAST_YEARS - 1) }
    }

    /// How much of the band lies in each class, in all one; `None` where none of it does. People are taken to be spread
    /// evenly over its years, up to 89.
    pub fn shares(self) -> Option<[f64; AgeClass::ALL.len()]> {
        let years = AgeClass::ALL.map(|class| self.years_in(class));
        let all: f64 = years.iter().sum();
        (all > 0.0).then(|| years.map(|of_class| of_class / all))
    }

    /// Its years that lie in a class.
    pub fn years_in(self, class: AgeClass) -> f64 {
        let (first, last) = class.years();
        let last = last.unwrap_or(u8::MAX).min(self.last());
        f64::from((i16::from(last) - i16::from(first.max(self.from)) + 1).max(0))
    }

    /// How many years it has.
    pub fn years(self) -> f64 {
        f64::from(self.last() - self.from + 1)
    }

    /// The last year, 89 where it is open.
    fn last(self) -> u8 {
        self.to.unwrap_or(LAST_YEAR.max(self.from))
    }

    /// The band of its own words, `40-49` or `65+`; `None` for others.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix('+') {
            Some(from) => Self::new(years(from)?, None),
            None => {
                let (from, to) = text.split_once('-')?;
                Self::new(years(from)?, Some(years(to)?))
            }
        }
    }
}

impl fmt::Display for AgeBand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(formatter, "{}-{to}", self.from),
            None => write!(formatter, "{}+", self.from),
        }
    }
}

/// Ages that figures tell apart: the bands of 就業構造基本調査, made wider where people are few. The youngest have no phone
/// of their own, so none begins below 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeClass {
    /// 15 to 29.
    To29,
    /// 30 to 44.
    To44,
    /// 45 to 54.
    To54,
    /// 55 to 64.
    To64,
    /// 65 and older.
    From65,
}

impl AgeClass {
    /// All classes, the youngest first.
    pub const ALL: [Self; 5] = [Self::To29, Self::To44, Self::To54, Self::To64, Self::From65];

    /// The first and the last year; no last one where it is open.
    pub fn years(self) -> (u8, Option<u8>) {
        match self {
            Self::To29 => (15, Some(29)),
            Self::To44 => (30, Some(44)),
            Self::To54 => (45, Some(54)),
            Self::To64 => (55, Some(64)),
            Self::From65 => (65, None),
        }
    }

    /// The word on a row.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::To29 => "15-29",
            Self::To44 => "30-44",
            Self::To54 => "45-54",
            Self::To64 => "55-64",
            Self::From65 => "65+",
        }
    }
}

/// As the resident register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// Both, in the order of ISO/IEC 5218.
    pub const ALL: [Self; 2] = [Self::Male, Self::Female];

    /// The word in a table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// The sex of its own word; `None` for others.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.as_str() == text)
    }

    /// The sex of a partner's word, a number being one of ISO/IEC 5218; `None` when it says none.
    pub fn of_person(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter_map(plain_letter).collect();
        match plain.as_str() {
            "male" | "m" | "man" | "1" | "男" | "男性" => Some(Self::Male),
            "female" | "f" | "woman" | "2" | "女" | "女性" => Some(Self::Female),
            _ => None,
        }
    }
}

fn years(text: &str) -> Option<u8> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A letter as words are compared: half-width, lower case, dashes and waves as one sign each; `None` for a space.
fn plain_letter(letter: char) -> Option<char> {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(letter) - 0xfee0).map(|plain| plain.to_ascii_lowercase())
        }
        '\u{301c}' | '\u{223c}' => Some('~'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        letter if letter.is_whitespace() => None,
        letter => Some(letter.to_ascii_lowercase()),
    }
}

/// Age and sex as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attributes {
    /// Age.
    pub age: Option<AgeBand>,
    /// Sex.
    pub sex: Option<Sex>,
}

impl Attributes {
    /// Those of two words.
    pub fn of_person(age: Option<&str>, sex: Option<&str>) -> Self {
        Self {
            age: age.map(trimmed).and_then(AgeBand::of_person),
            sex: sex.map(trimmed).and_then(Sex::of_person),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(word: &str) -> Option<String> {
        AgeBand::of_person(word).map(|band| band.to_string())
    }

    #[test]
    fn the_words_of_partners_are_read_and_what_says_no_age_is_unknown() {
        for (word, expected) in [
            ("40代", "40-49"),
            ("40歳代", "40-49"),
            ("４０代", "40-49"),
            ("40s", "40-49"),
            ("35-39", "35-39"),
            ("35〜39歳", "35-39"),
            ("35歳～39歳", "35-39"),
            ("35 to 39", "35-39"),
            ("30_44", "30-44"),
            ("65+", "65+"),
            ("65歳以上", "65+"),
            ("70代以上", "70+"),
            ("65-", "65+"),
            ("20歳未満", "0-19"),
            ("under 20", "0-19"),
            ("<20", "0-19"),
            ("43", "40-44"),
            ("43歳", "40-44"),
            ("43-44", "40-44"),
            ("44-46", "40-49"),
        ] {
            assert_eq!(band(word).as_deref(), Some(expected), "{word}");
        }
        for word in
            ["", "unknown", "不明", "45代", "-1", "999", "39-35", "1e1", "40,代", "代", "歳以上", "null"]
        {
            assert_eq!(band(word), None, "{word}");
        }
        let sexes = ["女性", "F", "male", "1", "０", "other", "", "男"].map(Sex::of_person);
        let (male, female) = (Some(Sex::Male), Some(Sex::Female));
        assert_eq!(sexes, [female, female, male, male, None, None, None, male]);
    }

    #[test]
    fn a_band_has_its_own_word_and_a_person_in_it_is_one_in_all() {
        for from in 0..=100 {
            for to in (from..=120).map(Some).chain([None]) {
                let Some(band) = AgeBand::new(from, to) else { panic!("{from} {to:?}") };
                assert_eq!(AgeBand::parse(&band.to_string()), Some(band));
                let Some(shares) = band.shares() else {
                    assert!(to.is_some_and(|to| to < 15), "{band}");
                    continue;
                };
                assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{band}");
            }
        }
        let shares = |word| AgeBand::of_person(word).and_then(AgeBand::shares);
        assert_eq!(shares("40代"), Some([0.0, 0.5, 0.5, 0.0, 0.0]));
        assert_eq!(shares("10代"), Some([1.0, 0.0, 0.0, 0.0, 0.0]));
        assert_eq!(shares("70+"), Some([0.0, 0.0, 0.0, 0.0, 1.0]));
        assert_eq!(
            AgeClass::ALL.map(|class| shares(class.as_str()).map(|of| of[class as usize])),
            [Some(1.0); 5]
        );
    }
}
