//! Words that stand where an identifier should, and for no device.
//!
//! In: an identifier as a partner sends it. Out: whether it is such a word. All phones without an identifier
//! would otherwise become one traveller who is everywhere at once. A word counts in any case, whatever signs
//! stand around or in it: `(null)`, `N/A` and `not set` are `null`, `na` and `notset`.

use crate::spelling::EMPTY_WORDS;

/// Words that programs, databases and people write for "none", without the signs in and around them.
pub const PLACEHOLDER_IDS: &[&str] = &[
    // Of programs and databases.
    "null",
    "nil",
    "none",
    "nan",
    "na",
    "undefined",
    "void",
    "empty",
    "blank",
    "missing",
    "default",
    "false",
    "true",
    "string",
    "object",
    "objectobject",
    "uninitialized",
    "invalid",
    "error",
    "nodata",
    "novalue",
    "notset",
    "unset",
    "nullptr",
    // Of people.
    "unknown",
    "unspecified",
    "unavailable",
    "notavailable",
    "notapplicable",
    "notprovided",
    "notfound",
    "noid",
    "nodevice",
    "nodeviceid",
    "unknowndevice",
    "unknownid",
    "unknownuser",
    "other",
    "dummy",
    "test",
    "anonymous",
    "anonymousid",
    "anonymoususer",
    "anonymized",
    "anonymised",
    "redacted",
    "masked",
    "hidden",
    "deleted",
    "removed",
    "guest",
    // Of phones and their makers, when the owner does not share an identifier.
    "optout",
    "optedout",
    "denied",
    "restricted",
    "notdetermined",
    "limitadtracking",
    // The name of the field, as in a header that is repeated in the middle of a file.
    "deviceid",
    "device",
    "id",
    "uuid",
    "guid",
    "idfa",
    "idfv",
    "gaid",
    "aaid",
    "adid",
    "advertisingid",
    "imei",
    "androidid",
    // The same for very many devices: an Android id that a maker shipped, an address that phones hide
    // behind, numbers of emulators and of boards without one.
    "9774d56d682e549c",
    "020000000000",
    "0123456789abcdef",
    "123456789012345",
    "004999010640000",
    // Japanese.
    "不明",
    "なし",
    "無し",
    "未設定",
    "未取得",
    "未登録",
    "該当なし",
    "匿名",
    "取得不可",
    "ナシ",
    "未入力",
    "空",
    "ヌル",
    // Of spreadsheets and of people who had to write something.
    "ref",
    "tbd",
    "xxx",
    "0x0",
    "inf",
];

/// Letters from which an identifier that repeats a single one stands for none, as `ffffffff-ffff-…`.
const REPEATED_LETTERS: usize = 8;

/// Letters of the longest word; a longer identifier need not be compared with any.
const LONGEST: usize = 16;

/// Whether an identifier is one of [`PLACEHOLDER_IDS`], or a single letter over and over.
pub fn is_placeholder(id: &str) -> bool {
    if is_long(id.as_bytes()) {
        return false;
    }
    let mut letters = id.chars().filter(|letter| letter.is_alphanumeric());
    let Some(first) = letters.next() else { return true };
    let (mut count, mut is_repeated) = (1, true);
    for letter in letters {
        count += 1;
        is_repeated &= letter == first;
    }
    if count > LONGEST || (is_repeated && count >= REPEATED_LETTERS) {
        return is_repeated;
    }
    // `-1` is what programs return for "not found"; without its sign it could be an identifier.
    id.trim() == "-1" || EMPTY_WORDS.contains(&id.trim()) || PLACEHOLDER_IDS.contains(&plain(id).as_str())
}

/// Whether there are more letters than in any word, and two of them differ, by those that are ASCII alone. It
/// says yes of nearly every identifier, and no by itself of none.
fn is_long(id: &[u8]) -> bool {
    let mut letters = id.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let first = letters.next();
    letters.clone().any(|letter| Some(letter) != first) && letters.nth(LONGEST - 1).is_some()
}

/// A word in lower case, without the signs in and around it, full-width letters as narrow ones: what two
/// spellings of one word have in common.
pub fn plain(word: &str) -> String {
    let narrow = |letter: char| match letter {
        // The full-width forms of ASCII stand in its order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    };
    word.chars().map(narrow).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_nothing_counts_in_every_spelling() {
        let spellings = [
            "null",
            "NULL",
            " None ",
            "N/A",
            "(null)",
            "<nil>",
            "\"undefined\"",
            "not set",
            "-",
            "不明",
            "\\N",
            "NaT",
            "ＮＵＬＬ",
        ];
        for word in spellings {
            assert!(is_placeholder(word), "{word}");
        }
        for id in [
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "XXXXXXXXXX",
            "02:00:00:00:00:00",
            "-1",
            "[object Object]",
        ] {
            assert!(is_placeholder(id), "{id}");
        }
    }

    #[test]
    fn an_identifier_is_no_placeholder() {
        for id in [
            "6d92078a-8246-4ba4-ae5b-76104861e7dc",
            "nullnullnullnulln",
            "a",
            "1",
            "dev-000",
            "nullable-7",
            "user-1",
            "ffff",
        ] {
            assert!(!is_placeholder(id), "{id}");
        }
    }

    #[test]
    fn every_word_of_the_list_is_plain_and_stands_there_once() {
        for (index, word) in PLACEHOLDER_IDS.iter().enumerate() {
            assert!(plain(word) == *word && word.chars().count() <= LONGEST, "{word}");
            assert!(!PLACEHOLDER_IDS[..index].contains(word), "{word}");
        }
    }
}
