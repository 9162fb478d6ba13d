//! How a file writes its codes: five digits, or six with the check digit.
//!
//! In: the codes of a whole file as they are written. Out: [`Digits`], one answer for all of them, or
//! `CodesUnclear`. Converters write numbers, which lose a leading zero, so that `23213` is 23213 西尾市 or
//! 023213 鰺ヶ沢町, and no single code can tell; a file can. A code of six digits proves itself by its check digit, and so
//! does one of five whose zero was lost, but for every tenth code by chance: that is why the register of codes has
//! a word where all of them may be either.

use std::collections::BTreeSet;

use kayoi_schemas::ids::MunicipalityCode;

use super::report::Skip;

/// The last prefecture of JIS X 0401.
const LAST_PREFECTURE: u32 = 47;

/// How codes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Prefecture and municipality: JIS X 0401 and 0402.
    Five,
    /// With the check digit: 全国地方公共団体コード.
    Six,
}

/// A code as it is written: one to six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenCode {
    number: u32,
    length: u8,
}

/// Codes that may be meant in two ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CodesUnclear {
    /// Some can only be of five digits, others only of six.
    Mixed { five: usize, five_example: String, six: usize, six_example: String },
    /// All may be of five digits, or of six without their leading zero.
    Ambiguous { codes: usize, example: String, as_five: MunicipalityCode, as_six: MunicipalityCode },
}

impl WrittenCode {
    /// Reads digits, full-width ones too, and a whole number as `1101.0`.
    ///
    /// # Errors
    /// [`Skip`], why it is no code of a municipality however it is read.
    pub(super) fn parse(text: &str) -> Result<Self, Skip> {
        let plain: String = text.chars().map(half_width).collect();
        let whole = match plain.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
            _ => &plain,
        };
        let are_digits = !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_digit());
        let number: u32 = whole.parse().ok().filter(|_| are_digits).ok_or(Skip::InvalidCode)?;
        match whole.len() {
            1 | 2 if (1..=LAST_PREFECTURE).contains(&number) => Err(Skip::Prefecture),
            4 if number < 1_000 => Err(Skip::InvalidCode),
            length @ 4..=6 => Ok(Self { number, length: length as u8 }),
            _ => Err(Skip::InvalidCode),
        }
    }

    /// The code, if codes are written in this way.
    ///
    /// # Errors
    /// [`Skip`], why it is none.
    pub(super) fn read(self, digits: Digits) -> Result<MunicipalityCode, Skip> {
        match (digits, self.length) {
            (Digits::Five, 4 | 5) => MunicipalityCode::from_number(self.number).ok_or(Skip::NoPrefecture),
            (Digits::Six, 5 | 6) => {
                let code = MunicipalityCode::from_number(self.number / 10).ok_or(Skip::NoPrefecture)?;
                let is_right = u32::from(code.check_digit()) == self.number % 10;
                is_right.then_some(code).ok_or(Skip::WrongCheckDigit)
            }
            (Digits::Five, _) if self.read(Digits::Six) == Err(Skip::WrongCheckDigit) => {
                Err(Skip::WrongCheckDigit)
            }
            (Digits::Five, _) | (Digits::Six, _) => Err(Skip::OtherDigits),
        }
    }

    fn keeps_zero(self) -> bool {
        self.number < 10u32.pow(u32::from(self.length) - 1)
    }

    fn text(self) -> String {
        format!("{:0length$}", self.number, length = usize::from(self.length))
    }
}

/// Full-width digits and the full-width full stop, as Japanese keyboards write them.
fn half_width(letter: char) -> char {
    match letter {
        '０'..='９' => char::from(b'0' + (u32::from(letter) - u32::from('０')) as u8),
        '．' => '.',
        other => other,
    }
}

/// How all codes of a file are written. Where all of them may be either and the register knows as many of them
/// either way, `otherwise` decides, if it says anything.
///
/// # Errors
/// [`CodesUnclear`] when that cannot be told.
pub(super) fn digits_of(
    codes: &BTreeSet<WrittenCode>,
    otherwise: Option<Digits>,
    is_known: impl Fn(MunicipalityCode) -> bool,
) -> Result<Digits, CodesUnclear> {
    // Who keeps zeros has lost none.
    let zeros_are_kept = codes.iter().any(|code| code.keeps_zero());
    let as_six =
        |code: WrittenCode| code.read(Digits::Six).ok().filter(|_| code.length == 6 || !zeros_are_kept);
    let as_five = |code: WrittenCode| code.read(Digits::Five).ok();
    let (mut only_five, mut long, mut either) = (Vec::new(), Vec::new(), Vec::new());
    let mut known = (0, 0);
    let mut beyond = 0;
    for &code in codes {
        let read = (as_five(code), as_six(code));
        known.0 += usize::from(read.0.is_some_and(&is_known));
        known.1 += usize::from(read.1.is_some_and(&is_known));
        match read {
            (Some(_), None) => only_five.push(code),
            (Some(five), Some(six)) => either.push((code, five, six)),
            (None, Some(_)) if code.length == 6 => long.push(code),
            // 48000 and above: six digits if all are, else a code of another country.
            (None, Some(_)) => beyond += 1,
            (None, None) => {}
        }
    }
    match (only_five.first(), long.first(), either.first()) {
        (Some(five), Some(six), _) => Err(CodesUnclear::Mixed {
            five: only_five.len(),
            five_example: five.text(),
            six: long.len(),
            six_example: six.text(),
        }),
        (None, Some(_), _) => Ok(Digits::Six),
        (Some(_), None, Some(&first)) if known.1 > known.0 => Err(ambiguous(either.len(), first)),
        (Some(_), None, _) => Ok(Digits::Five),
        (None, None, _) if beyond > 0 && known.1 > 0 => Ok(Digits::Six),
        (None, None, Some(_)) if known.0 == either.len() && known.1 < known.0 => Ok(Digits::Five),
        (None, None, Some(_)) if known.1 == either.len() && known.0 < known.1 => Ok(Digits::Six),
        (None, None, Some(&first)) => {
            otherwise.filter(|_| known.0 >= known.1).ok_or_else(|| ambiguous(either.len(), first))
        }
        (None, None, None) => Ok(Digits::Five),
    }
}

fn ambiguous(
    codes: usize,
    (code, as_five, as_six): (WrittenCode, MunicipalityCode, MunicipalityCode),
) -> CodesUnclear {
    CodesUnclear::Ambiguous { codes, example: code.text(), as_five, as_six }
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
