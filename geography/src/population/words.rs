//! The same word in one spelling.
//!
//! In: a cell's text as somebody typed it. Out: half-width, without spaces, dashes and waves as one sign each, so
//! that `０歳 〜 ４歳` and `0歳～4歳` are one word. Not Unicode's NFKC: that would also turn `㈱` and `①` into
//! others, and these are no words of a table of people.

/// A text as words are compared.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter_map(plain_letter).collect::<String>().to_lowercase()
}

fn plain_letter(letter: char) -> Option<char> {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0),
        '\u{301c}' | '\u{223c}' => Some('~'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        // Variation selectors pick a glyph, not another letter.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{feff}' | '\u{200b}' => None,
        letter if letter.is_whitespace() || letter.is_control() => None,
        letter => Some(letter),
    }
}

/// A name of a place as names are compared: of letters that people take for each other, one stands for all.
pub(super) fn name_key(text: &str) -> String {
    let same = |letter| match letter {
        'ヶ' | 'ｹ' => 'ケ',
        'ヵ' => 'カ',
        '檮' => '梼',
        '鯵' => '鰺',
        '竈' => '釜',
        '籠' => '篭',
        '龍' => '竜',
        '曾' => '曽',
        '﨑' => '崎',
        other => other,
    };
    plain(text).chars().map(same).collect()
}

/// A word without the class code that e-Stat puts before it, as in `01_男` and, of classes listed again, `R1_`.
pub(super) fn without_class_code(word: &str) -> &str {
    let Some((code, rest)) = word.split_once('_') else { return word };
    let digits = code.strip_prefix('r').unwrap_or(code);
    let is_code = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { rest } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_equal() {
        assert_eq!(plain("　０歳 〜　４歳\n"), "0歳~4歳");
        assert_eq!(plain("0歳～4歳"), "0歳~4歳");
        assert_eq!(plain("総　　数"), "総数");
        assert_eq!(plain("葛\u{e0100}城市"), "葛城市");
        assert_eq!(plain("－"), plain("―"));
        assert_eq!(name_key("茅ｹ崎市"), name_key("茅ヶ崎市"));
        assert_eq!(name_key("塩竈市"), name_key("塩釜市"));
        assert_eq!(without_class_code("0_総数"), "総数");
        assert_eq!(without_class_code("r1_(再掲)15歳未満"), "(再掲)15歳未満");
        assert_eq!(without_class_code("area_code"), "area_code");
    }
}
