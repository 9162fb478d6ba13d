//! One flat JSON object → a ping in the making, or nothing.
//!
//! In: the text of a record. Out: the draft that the parser of `json` would make of it; `None` for everything
//! that is not written as nearly all records are: one object without another inside, texts without escapes,
//! numbers of no more digits than a float tells apart. This reader accepts less than JSON and refuses nothing:
//! what it does not read, the parser does, and a test compares them. It takes a third of the parser's time,
//! which was the largest part of decoding.

use std::borrow::Cow;

use super::draft::Draft;
use super::mapping::Mapping;
use super::slot::Slot;
use super::value::Value;

/// Most digits of a number: below 2^53, so that it is a whole number of double precision too.
const MOST_DIGITS: usize = 15;
/// Powers of ten that double precision holds exactly. A quotient of two such numbers is rounded once, as IEEE 754
/// says, and so is the nearest number to what the text says (Clinger 1990, "How to read floating point numbers
/// accurately").
const POWERS: [f64; MOST_DIGITS + 1] =
    [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
/// What a number is multiplied by when so many digits come behind it.
const SHIFTS: [u64; 9] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// Reads a record into a draft. `None`: it is not flat, and what is in the draft means nothing.
pub(super) fn read<'a>(text: &'a str, mapping: &Mapping, draft: &mut Draft<'a>) -> Option<()> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.expect(b'{')?;
    loop {
        cursor.expect(b'"')?;
        let key = cursor.text()?;
        cursor.expect(b':')?;
        match mapping.slot(key) {
            Some(Slot::Unstored) => cursor.value(drop)?,
            Some(slot) => cursor.value(|value| draft.take_once(slot, value, &mapping.spelling))?,
            None if mapping.leads_into(key) => return None,
            None => {
                cursor.value(drop)?;
                draft.ping.unknown_fields += 1;
            }
        }
        match cursor.sign()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    cursor.skip_blanks();
    (cursor.at == text.len()).then_some(())
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// The next sign that is no blank.
    #[inline]
    fn sign(&mut self) -> Option<u8> {
        self.skip_blanks();
        let sign = self.peek();
        self.at += 1;
        sign
    }

    #[inline]
    fn expect(&mut self, sign: u8) -> Option<()> {
        (self.sign()? == sign).then_some(())
    }

    /// A text behind its first quote, with its last.
    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        let begin = self.at;
        let rest = self.text.as_bytes().get(begin..)?;
        let length = special(rest)?;
        if rest[length] != b'"' {
            return None;
        }
        self.at = begin + length + 1;
        self.text.get(begin..begin + length)
    }

    /// Hands over the next value. One that is returned would be put together in memory, and waited for.
    #[inline]
    fn value(&mut self, take: impl FnOnce(Value<'a>)) -> Option<()> {
        match self.sign()? {
            b'"' => take(Value::Text(Cow::Borrowed(self.text()?))),
            b'-' => self.number(true, take)?,
            b'0'..=b'9' => {
                self.at -= 1;
                self.number(false, take)?;
            }
            b't' => take(self.word("true", Value::Boolean(true))?),
            b'f' => take(self.word("false", Value::Boolean(false))?),
            b'n' => take(self.word("null", Value::Missing)?),
            _ => return None,
        }
        Some(())
    }

    /// The value of a word whose first letter was read.
    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        self.at -= 1;
        let found = self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        found.then_some(value)
    }

    /// A number behind its sign, without an exponent.
    #[inline]
    fn number(&mut self, is_negative: bool, take: impl FnOnce(Value<'a>)) -> Option<()> {
        let begin = self.at;
        let whole = self.digits(0);
        let length = self.at - begin;
        let has_zeros_first = length > 1 && self.text.as_bytes()[begin] == b'0';
        if length == 0 || has_zeros_first {
            return None;
        }
        if self.peek() != Some(b'.') {
            // The parser takes -0 for a float.
            if length > MOST_DIGITS || self.goes_on() || (is_negative && whole == 0) {
                return None;
            }
            let whole = whole as i64;
            take(Value::Integer(if is_negative { -whole } else { whole }));
            return Some(());
        }
        self.at += 1;
        let behind = self.at;
        let digits = self.digits(whole);
        let decimals = self.at - behind;
        if decimals == 0 || length + decimals > MOST_DIGITS || self.goes_on() {
            return None;
        }
        // Less than 2^53: the conversion of a signed number is the shorter one.
        let number = digits as i64 as f64 / POWERS[decimals];
        take(Value::Float(if is_negative { -number } else { number }));
        Some(())
    }

    /// Reads digits behind those of a number, eight at a time where there are as many bytes. What is too long for
    /// it comes out wrong, and is refused by its length.
    #[inline]
    fn digits(&mut self, mut number: u64) -> u64 {
        let bytes = self.text.as_bytes();
        while let Some((chunk, _)) = bytes.get(self.at..).and_then(|rest| rest.split_first_chunk::<8>()) {
            let (count, read) = leading_digits(u64::from_le_bytes(*chunk));
            self.at += count;
            number = number.wrapping_mul(SHIFTS[count]).wrapping_add(read);
            if count < 8 {
                return number;
            }
        }
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    /// Whether something stands here that would make another number of the digits before it.
    #[inline]
    fn goes_on(&self) -> bool {
        matches!(self.peek(), Some(b'.' | b'e' | b'E'))
    }
}

/// Where the first byte is that ends a text, or that a plain text does not have: a quote, a backslash, a control
/// character. Eight bytes at a time, as long as there are eight.
#[inline]
fn special(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some((chunk, _)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = zeros(word ^ every(b'"')) | zeros(word ^ every(b'\\')) | below(word, b' ');
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    bytes.get(at..)?.iter().position(is_special).map(|index| at + index)
}

/// How many of eight bytes are digits before another sign, and the number that they write.
#[inline]
fn leading_digits(word: u64) -> (usize, u64) {
    let digits = word ^ every(b'0');
    // 0x76 and 10 are 128: the highest bit is there of each byte above 9, and perhaps of bytes behind the first.
    let others = (digits.wrapping_add(every(0x76)) | digits) & every(0x80);
    let count = others.trailing_zeros() / 8;
    if count == 0 {
        return (0, 0);
    }
    // The last digits to the end, and zeros before them; then pairs, fours and all eight are joined.
    let digits = digits << (64 - 8 * count);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    (count as usize, fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is zero, and perhaps of bytes behind the first such one.
#[inline]
fn zeros(word: u64) -> u64 {
    below(word, 1)
}

/// The highest bit of each byte below a limit of 128 at most, and perhaps of bytes behind the first such one.
#[inline]
fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(every(limit)) & !word & every(0x80)
}

#[cfg(test)]
#[path = "flat_json_tests.rs"]
mod tests;
