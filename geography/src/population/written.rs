//! How tables write codes and names of places.
//!
//! In: the plain text of a cell. Out: the code in it, the prefecture that it begins with, or that it is a sum of several
//! municipalities. Codes come with five digits, with the check digit as a sixth, without their leading zero when a spreadsheet
//! took them for numbers, and before the name as in `01100_札幌市`.

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use crate::Register;

/// How the codes of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    Five,
    Six,
}

/// The digits that a text begins with, and the name behind them.
pub(super) fn split_code(plain: &str) -> (&str, &str) {
    let end = plain.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(plain.len());
    let (digits, rest) = plain.split_at(end);
    if rest.starts_with('.') && rest[1..].bytes().all(|byte| byte == b'0') {
        return (digits, "");
    }
    (digits, rest.trim_start_matches(['_', ':', '-', '.']))
}

/// The digits of a number that a spreadsheet wrote as `1101.0`.
pub(super) fn without_fraction(digits: &str) -> &str {
    digits.split('.').next().unwrap_or(digits)
}

/// The code of digits that are written in this way; `None` when it is none.
pub(super) fn read(digits: &str, how: Digits) -> Option<MunicipalityCode> {
    let width = match how {
        Digits::Five => 5,
        Digits::Six => 6,
    };
    let is_right = digits.len() == width || digits.len() + 1 == width;
    is_right.then(|| format!("{digits:0>width$}")).and_then(|text| MunicipalityCode::parse(&text).ok())
}

/// The prefecture that a name begins with, and the rest of it.
pub(super) fn prefecture_prefix(text: &str) -> Option<(PrefectureCode, &str)> {
    let ends = text.char_indices().filter(|(_, letter)| "都道府県".contains(*letter));
    ends.map(|(at, letter)| text.split_at(at + letter.len_utf8()))
        .find_map(|(prefecture, rest)| Register::prefecture_of_name(prefecture).map(|found| (found, rest)))
}

/// Words for the whole.
pub(super) fn is_nation(text: &str) -> bool {
    matches!(text, "全国" | "全国計" | "合計" | "総計" | "総数" | "計" | "日本" | "japan" | "total")
}

/// Sums of some municipalities.
pub(super) fn is_other(name: &str) -> bool {
    let ends = [
        "郡",
        "郡部",
        "市部",
        "区部",
        "町村部",
        "市計",
        "町村計",
        "区計",
        "郡計",
        "郡部計",
        "市部計",
        "支庁",
        "振興局",
        "圏",
        "圏域",
        "地域",
        "地区",
        "管内",
        "特別区",
    ];
    ends.iter().any(|end| name.ends_with(end))
        || ["市部", "郡部", "特別区", "人口集中地区", "大都市", "(旧", "旧"]
            .iter()
            .any(|start| name.starts_with(start))
}
