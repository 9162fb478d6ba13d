//! Sexes and ages, in figures and in words.
//!
//! In: words of official tables, `男`, `0歳～4歳`, `100歳以上`, `年齢不詳`. Out: [`Sex`], [`AgeBand`], or that they
//! are neither. A band is whatever the table has; that bands make five years and leave no gap is looked at
//! where all of them are known.

pub use kayoi_schemas::person::AgeBand;

use super::words::{plain, without_class_code};

/// Whom a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Both, 計.
    All,
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 3] = [Self::All, Self::Male, Self::Female];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// The sex of a word in a column of sexes; `None` when it is none.
    pub(super) fn of_word(text: &str) -> Option<Self> {
        match without_class_code(&plain(text)) {
            "男" | "男性" | "男子" | "male" | "males" | "m" | "man" | "men" => Some(Self::Male),
            "女" | "女性" | "女子" | "female" | "females" | "f" | "woman" | "women" => {
                Some(Self::Female)
            }
            "計" | "総数" | "合計" | "総計" | "男女計" | "男女総数" | "男女" | "総数(男女)" | "all"
            | "total" | "both" | "bothsexes" | "persons" => Some(Self::All),
            _ => None,
        }
    }
}

/// What a word of a column of ages says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Age {
    /// 総数, unknown ages too.
    All,
    /// Ages of a band.
    Band(AgeBand),
    /// 年齢不詳.
    Unknown,
}

impl Age {
    /// The age of a word in a column of ages, where a bare number is an age; `None` when it is none.
    pub(super) fn of_word(text: &str) -> Option<Self> {
        let plain = plain(text);
        let word = without_class_code(&plain);
        if matches!(word, "計" | "総数" | "合計" | "総計" | "年齢計" | "全年齢" | "all" | "total" | "allages")
        {
            return Some(Self::All);
        }
        Self::of_label(word).or_else(|| number(word).and_then(|age| band(age, Some(age))))
    }

    /// The age of a label that says so, `5歳` but not a bare `5`; `None` when it is none. The label is plain.
    pub(super) fn of_label(label: &str) -> Option<Self> {
        let kept: String = label
            .replace("再掲", "")
            .chars()
            .filter(|letter| !"「」()[]【】<>・*".contains(*letter))
            .collect();
        let word = kept.trim_start_matches("年齢").trim_start_matches("ages").trim_start_matches("age");
        if matches!(word, "不詳" | "不明" | "不詳者" | "不明者" | "unknown" | "notreported" | "notstated")
        {
            return Some(Self::Unknown);
        }
        if let Some(from) =
            strip_any(word, &["歳以上", "才以上", "+", "andover", "yearsandover", "歳~", "才~"])
        {
            return number(from).and_then(|from| band(from, None));
        }
        if let Some(below) = strip_any(word, &["歳未満", "才未満"]).or_else(|| word.strip_prefix("under"))
        {
            return number(below).and_then(|below| below.checked_sub(1)).and_then(|to| band(0, Some(to)));
        }
        let years = strip_any(word, &["歳", "才", "yearsold", "years"]);
        let ends = years.unwrap_or(word);
        for between in ["~", "-", "から", "to"] {
            let Some((from, to)) = ends.split_once(between) else { continue };
            let from = strip_any(from, &["歳", "才"]).unwrap_or(from);
            return number(from).zip(number(to)).and_then(|(from, to)| band(from, Some(to)));
        }
        years.and_then(number).and_then(|age| band(age, Some(age)))
    }
}

fn band(from: u8, to: Option<u8>) -> Option<Age> {
    AgeBand::new(from, to).map(Age::Band)
}

fn number(text: &str) -> Option<u8> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn strip_any<'w>(word: &'w str, ends: &[&str]) -> Option<&'w str> {
    ends.iter().find_map(|end| word.strip_suffix(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str, expected: (u8, Option<u8>)) {
        let expected = AgeBand { from: expected.0, to: expected.1 };
        assert_eq!(Age::of_word(text), Some(Age::Band(expected)), "{text}");
    }

    #[test]
    fn official_words_for_ages_are_read() {
        for text in ["0歳～4歳", "０～４歳", "0-4", "01_0～4歳", "0歳から4歳", "0 to 4 years", "0〜4"]
        {
            is(text, (0, Some(4)));
        }
        for text in ["100歳以上", "100+", "100歳～", "(再掲)100歳以上", "100 and over"] {
            is(text, (100, None));
        }
        is("(再掲)15歳未満", (0, Some(14)));
        is("7歳", (7, Some(7)));
        is("7", (7, Some(7)));
        for text in ["年齢不詳", "不詳", "年齢「不詳」", "年齢不明"] {
            assert_eq!(Age::of_word(text), Some(Age::Unknown), "{text}");
        }
        assert_eq!(Age::of_word("総　数"), Some(Age::All));
        for text in ["", "4歳～0歳", "平均年齢", "999歳", "歳以上", "x~y", "0歳未満", "5歳階級"]
        {
            assert_eq!(Age::of_word(text), None, "{text}");
        }
        assert_eq!(Age::of_label("7"), None);
    }

    #[test]
    fn official_words_for_sexes_are_read() {
        assert_eq!(
            ["男", "0_総数", "女性", "Male", "性別"].map(Sex::of_word),
            [Some(Sex::Male), Some(Sex::All), Some(Sex::Female), Some(Sex::Male), None]
        );
    }
}
