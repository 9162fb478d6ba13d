//! What a word of a header says.
//!
//! In: one word of a header, `令和7年1月1日住民基本台帳人口(人)`, `男`, `0～4歳`, `世帯数`. Out: a [`Meaning`]: which
//! people, or that the word is of something else. A word is understood only when nothing of it is left over, because a
//! column of 人口密度 that is taken for 人口 would be a wrong figure and not an error.

use super::age::{Age, Sex};
use super::words::{plain, without_class_code};

/// What a word, or all words of a column, say about whom it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Meaning {
    pub(super) sex: Option<Sex>,
    pub(super) age: Option<Age>,
    /// The civil year that it names.
    pub(super) year: Option<i32>,
}

/// Words that leave it at people, the longer ones before those that they begin with.
const OF_PEOPLE: [&str; 58] = [
    "住民基本台帳に基づく",
    "住民基本台帳",
    "国勢調査",
    "推計人口",
    "総数(国籍)",
    "国籍総数",
    "男女総数",
    "男女計",
    "男女別",
    "常住人口",
    "人口総数",
    "総人口",
    "総数",
    "総計",
    "合計",
    "人口",
    "年齢5歳階級",
    "年齢(5歳階級)",
    "年齢各歳",
    "年齢(各歳)",
    "5歳階級",
    "各歳",
    "年齢階級",
    "年齢別",
    "年齢計",
    "年齢",
    "階級",
    "性別",
    "実数",
    "単位",
    "時点",
    "現在",
    "population",
    "bothsexes",
    "numberof",
    "persons",
    "people",
    "total",
    "value",
    "計",
    "別",
    "人",
    "名",
    "数",
    "値",
    "の",
    "(",
    ")",
    "[",
    "]",
    "【",
    "】",
    "「",
    "」",
    "・",
    "、",
    ",",
    ":",
];

impl Meaning {
    /// What a word says; `None` when it says something else than whom is counted.
    pub(super) fn of(text: &str) -> Option<Self> {
        let plain = plain(text);
        let word = without_class_code(&plain);
        // A label of ages has words in it that would go away below: 歳 alone is not one.
        if let Some(age) = Age::of_label(word) {
            return Some(Self { age: Some(age), ..Self::default() });
        }
        let (mut meaning, mut rest, mut left) = (Self::default(), word, String::new());
        while let Some(letter) = rest.chars().next() {
            if let Some((year, after)) = year(rest) {
                if meaning.year.is_some_and(|other| other != year) {
                    return None;
                }
                meaning.year = Some(year);
                rest = after;
            } else if let Some(after) = day(rest) {
                rest = after;
            } else if let Some(after) = OF_PEOPLE.iter().find_map(|word| rest.strip_prefix(word)) {
                rest = after;
            } else if let Some((sex, after)) = sex(rest) {
                if meaning.sex.is_some_and(|other| other != sex) {
                    return None;
                }
                meaning.sex = Some(sex);
                rest = after;
            } else {
                left.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        if !left.is_empty() {
            meaning.age = Some(Age::of_label(&left)?);
        }
        Some(meaning)
    }

    /// What two words of one column say together, of which the narrower counts; `None` when they contradict
    /// each other.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        fn both<T: PartialEq + Copy>(one: Option<T>, other: Option<T>, all: T) -> Option<Option<T>> {
            match (one.filter(|one| *one != all), other.filter(|other| *other != all)) {
                (Some(one), Some(other)) if one != other => None,
                (Some(one), _) | (_, Some(one)) => Some(Some(one)),
                (None, None) => Some(one.or(other)),
            }
        }
        let year = match (self.year, other.year) {
            (Some(one), Some(other)) if one != other => return None,
            (one, other) => one.or(other),
        };
        Some(Self {
            sex: both(self.sex, other.sex, Sex::All)?,
            age: both(self.age, other.age, Age::All)?,
            year,
        })
    }
}

fn sex(rest: &str) -> Option<(Sex, &str)> {
    let words = [("男女", Sex::All), ("男性", Sex::Male), ("女性", Sex::Female), ("男子", Sex::Male)];
    let more = [("女子", Sex::Female), ("男", Sex::Male), ("女", Sex::Female)];
    let english = [("female", Sex::Female), ("male", Sex::Male)];
    let mut all = words.iter().chain(&more).chain(&english);
    all.find_map(|(word, sex)| rest.strip_prefix(word).map(|after| (*sex, after)))
}

/// A year that a text begins with, `令和7年` or `2025年`, and what follows it. 年度 is a span, and no year.
pub(super) fn year(rest: &str) -> Option<(i32, &str)> {
    let eras = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];
    let era = eras.iter().find_map(|(era, before)| rest.strip_prefix(era).map(|after| (*before, after)));
    let (before, after) = era.unwrap_or((0, rest));
    let (number, after) = match after.strip_prefix('元') {
        Some(after) if before > 0 => (1, after),
        _ => digits(after)?,
    };
    let after = after.strip_prefix('年').filter(|after| !after.starts_with('度'))?;
    let is_year = if before > 0 { (1..=99).contains(&number) } else { (1900..=2200).contains(&number) };
    is_year.then_some((before + number, after))
}

/// Month and day, or either, that a text begins with.
fn day(rest: &str) -> Option<&str> {
    let (_, after) = digits(rest)?;
    after.strip_prefix('月').or_else(|| after.strip_prefix('日'))
}

fn digits(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].parse().ok().filter(|_| end <= 4)?;
    Some((number, &text[end..]))
}

/// The years that a text names anywhere.
pub(super) fn years_in(text: &str) -> Vec<i32> {
    let plain = plain(text);
    let starts = plain.char_indices().filter(|(at, letter)| {
        let follows_digit = plain[..*at].ends_with(|before: char| before.is_ascii_digit());
        let follows_era = ["令和", "平成", "昭和"].iter().any(|era| plain[..*at].ends_with(era));
        !letter.is_ascii_digit() || !follows_digit && !follows_era
    });
    starts.filter_map(|(at, _)| year(&plain[at..]).map(|(year, _)| year)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::age::AgeBand;
    use super::*;

    #[test]
    fn words_of_people_are_understood_and_others_are_not() {
        let all = Meaning::default();
        let year = |year| Meaning { year: Some(year), ..all };
        let sex = |sex| Meaning { sex: Some(sex), ..all };
        let band = |from, to| Meaning { age: Some(Age::Band(AgeBand { from, to })), ..all };
        for (word, meaning) in [
            ("人口", all),
            ("総　数", all),
            ("人口総数（人）", all),
            ("令和7年1月1日住民基本台帳人口", year(2025)),
            ("令和元年", year(2019)),
            ("2020年の人口", year(2020)),
            ("年齢（５歳階級）", all),
            ("男", sex(Sex::Male)),
            ("人口(女)", sex(Sex::Female)),
            ("1_男", sex(Sex::Male)),
            ("男女計", all),
            ("男女", sex(Sex::All)),
            ("0歳～4歳", band(0, Some(4))),
            ("男0～4歳", Meaning { sex: Some(Sex::Male), ..band(0, Some(4)) }),
            ("15歳以上人口", band(15, None)),
            ("年齢「不詳」", Meaning { age: Some(Age::Unknown), ..all }),
        ] {
            assert_eq!(Meaning::of(word), Some(meaning), "{word}");
        }
        for word in [
            "世帯数",
            "人口密度",
            "人口増減",
            "増減率",
            "転入者数",
            "日本人",
            "外国人",
            "平均年齢",
            "面積(km2)",
            "昼間人口",
            "令和6年度",
            "人口集中地区人口",
            "出生者数",
            "人口性比",
            "2015年～2020年の人口増減数",
            "市区町村名",
            "割合(%)",
            "年齢中位数",
            "2015年2020年",
        ] {
            assert_eq!(Meaning::of(word), None, "{word}");
        }
        assert_eq!(years_in("【総計】令和7年住民基本台帳人口・世帯数、令和6年人口動態"), [2025, 2024]);
        assert_eq!(years_in("2020年10月1日 平成12年 12025年"), [2020, 2000]);
    }

    #[test]
    fn the_narrower_word_of_a_column_counts() {
        let of = |word| Meaning::of(word).unwrap();
        assert_eq!(of("総数").and(of("男")), Some(of("男")));
        assert_eq!(of("男女").and(of("女")), Some(of("女")));
        assert_eq!(of("男").and(of("女")), None);
        assert_eq!(of("0～4歳").and(of("5～9歳")), None);
        assert_eq!(of("2020年").and(of("2015年")), None);
    }
}
