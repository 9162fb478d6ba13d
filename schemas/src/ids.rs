//! Identifiers: who (a pseudonym), where (a cell, a municipality).
//!
//! In: hashes, H3 indexes and code texts. Out: newtypes that cannot be mixed up. [`DeviceId`] has no
//! `Display`, no `Serialize` and a `Debug` that hides its value, because a pseudonym that reaches a log or an
//! answer is a leak; the only way to its number is the storage column.

use std::fmt;

use crate::error_code::ErrorCode;

/// A device, known only by a keyed 63-bit hash of the partner's identifier.
///
/// 63 bits, so that the value is a non-negative Delta `long` and sorts the same signed and unsigned. Among 30
/// million devices the chance of any collision is about 5 in 100,000 (birthday bound `n² / 2^64`).
///
/// ```
/// let device = kayoi_schemas::ids::DeviceId::from_hash(u64::MAX);
/// assert_eq!(format!("{device:?}"), "DeviceId(hidden)");
/// assert_eq!(device.column_value(), i64::MAX);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(i64);

impl DeviceId {
    /// Takes the upper 63 bits of a keyed 64-bit hash.
    pub fn from_hash(hash: u64) -> Self {
        Self((hash >> 1) as i64)
    }

    /// Reads the value of a `device_id` column that [`DeviceId::column_value`] wrote.
    pub fn from_column(value: i64) -> Self {
        Self(value)
    }

    /// The value for an internal table's `device_id` column. It must go nowhere else.
    pub fn column_value(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceId(hidden)")
    }
}

/// An H3 cell index. Its highest bit is always 0, so it fits a Delta `long`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(u64);

impl Cell {
    /// Resolution at which pings and stays are stored (mean area 0.105 km²).
    pub const STORED_RESOLUTION: u8 = 9;

    /// Wraps an H3 index that an H3 library made.
    #[inline]
    pub fn from_h3(index: u64) -> Self {
        Self(index)
    }

    /// Reads a `cell` column.
    #[inline]
    pub fn from_column(value: i64) -> Self {
        Self(value as u64)
    }

    /// The cell as an H3 index.
    #[inline]
    pub fn h3(self) -> u64 {
        self.0
    }

    /// The value for a `cell` column.
    #[inline]
    pub fn column_value(self) -> i64 {
        self.0 as i64
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({:x})", self.0)
    }
}

/// A prefecture, 1 (北海道) to 47 (沖縄県): JIS X 0401.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrefectureCode(u8);

impl PrefectureCode {
    /// Checks the range.
    ///
    /// # Errors
    /// [`CodeError`] when `number` is not in 1..=47.
    pub fn new(number: u8) -> Result<Self, CodeError> {
        if (1..=47).contains(&number) {
            Ok(Self(number))
        } else {
            Err(CodeError::prefecture(&number.to_string()))
        }
    }

    /// Parses `"1"`, `"01"` … `"47"`.
    ///
    /// # Errors
    /// [`CodeError`] when the text is not a number in 1..=47.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        text.parse::<u8>()
            .ok()
            .and_then(|number| Self::new(number).ok())
            .ok_or_else(|| CodeError::prefecture(text))
    }

    /// The code as a number, 1 to 47.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for PrefectureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// A five-digit municipality code: JIS X 0401 prefecture and JIS X 0402 municipality, without the check
/// digit.
///
/// `PP000` stands for 所属未定地, land of prefecture `PP` that belongs to no municipality yet.
///
/// ```
/// use kayoi_schemas::ids::MunicipalityCode;
/// let yonaguni = MunicipalityCode::parse("47382")?;
/// assert_eq!(yonaguni.with_check_digit(), "473821");
/// assert_eq!(MunicipalityCode::parse("01100")?.to_string(), "01100");
/// # Ok::<(), kayoi_schemas::ids::CodeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityCode(u32);

impl MunicipalityCode {
    /// Lower than any real code, to begin a range with.
    pub const LOWEST: Self = Self(0);

    /// Parses five digits, or six when the sixth is the right check digit.
    ///
    /// # Errors
    /// [`CodeError`] naming the text, when it is neither.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits = text.len() == 5 || text.len() == 6;
        if !digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CodeError::municipality(text));
        }
        let number = text[..5].bytes().fold(0, |number, byte| number * 10 + u32::from(byte - b'0'));
        let code = Self::from_number(number).ok_or_else(|| CodeError::municipality(text))?;
        if text.len() == 6 && text.as_bytes()[5] - b'0' != code.check_digit() {
            return Err(CodeError::check_digit(text, code.check_digit()));
        }
        Ok(code)
    }

    /// The code of a number such as 1100 for `01100`; `None` outside prefectures 1 to 47.
    pub fn from_number(number: u32) -> Option<Self> {
        (1..=47).contains(&(number / 1000)).then_some(Self(number))
    }

    /// The code as a number, 1000 to 47999.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The prefecture that the municipality lies in.
    pub fn prefecture(self) -> PrefectureCode {
        PrefectureCode((self.0 / 1000) as u8)
    }

    /// Whether this is 所属未定地 (`PP000`).
    pub fn is_undetermined(self) -> bool {
        self.0.is_multiple_of(1000)
    }

    /// The check digit of 全国地方公共団体コード: with `s = 6a+5b+4c+3d+2e`, the last digit of `11 - s` when
    /// `s < 11`, else of `11 - s mod 11`.
    pub fn check_digit(self) -> u8 {
        let digit = |power: u32| self.0 / 10u32.pow(power) % 10;
        let sum = 6 * digit(4) + 5 * digit(3) + 4 * digit(2) + 3 * digit(1) + 2 * digit(0);
        let rest = if sum < 11 { 11 - sum } else { 11 - sum % 11 };
        (rest % 10) as u8
    }

    /// The six-digit form, as in official tables.
    pub fn with_check_digit(self) -> String {
        format!("{self}{}", self.check_digit())
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MunicipalityCode({:05})", self.0)
    }
}

/// A text that is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid code `{text}`: {allowed}")]
pub struct CodeError {
    text: String,
    allowed: String,
}

impl CodeError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Argument
    }

    fn prefecture(text: &str) -> Self {
        Self { text: text.to_owned(), allowed: "a prefecture is 01 to 47 (JIS X 0401)".to_owned() }
    }

    fn municipality(text: &str) -> Self {
        let allowed = "a municipality is five digits, the first two 01 to 47 (JIS X 0402), as in `20361`";
        Self { text: text.to_owned(), allowed: allowed.to_owned() }
    }

    fn check_digit(text: &str, right: u8) -> Self {
        Self { text: text.to_owned(), allowed: format!("the check digit of `{}` is {right}", &text[..5]) }
    }
}

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
