//! Patterns of numbers. In: a pattern, then numbers as decimal digits. Out: texts.
//!
//! Read as PostgreSQL reads them: 9 and 0 for digits, `.` or D, `,` or G, FM, S, MI, PL, SG and PR; the number
//! is rounded to the digits of the pattern, and one that has too many before the point becomes `#` signs.
//! Currency, exponents, shifts, ordinals and Roman numerals are not read.

use super::PatternError;

const SUPPORTED: &str = "9, 0, a point or D, a comma or G, FM, S, MI, PL, SG, PR, and texts in double quotes";

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct NumberPattern {
    parts: Vec<Part>,
    is_filled: bool,
    /// Digits before the point, and how many of them, from the right, are always written.
    whole: usize,
    whole_zeros: usize,
    fraction: usize,
    /// Digits after the point that are always written, even without filling.
    fraction_zeros: usize,
    sign: Sign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Digit,
    Comma,
    Point,
    Minus,
    Plus,
    Either,
    AsIt(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// A minus or a blank before the first digit.
    Before,
    /// A plus or a minus before the first digit.
    Leading,
    /// A plus or a minus at the end.
    Trailing,
    /// In angle brackets.
    Brackets,
    /// Where the pattern says.
    Placed,
}

impl NumberPattern {
    pub(super) fn read(pattern: &str) -> Result<Self, PatternError> {
        let mut read = Self {
            parts: Vec::new(),
            is_filled: true,
            whole: 0,
            whole_zeros: 0,
            fraction: 0,
            fraction_zeros: 0,
            sign: Sign::Before,
        };
        let (mut rest, mut has_point, mut first_zero) = (pattern, false, None);
        let refused =
            |part: &str| Err(PatternError::Unsupported { part: part.to_owned(), supported: SUPPORTED });
        while let Some(letter) = rest.chars().next() {
            let two: String = rest.chars().take(2).collect::<String>().to_ascii_uppercase();
            if ["EE", "RN", "TH"].contains(&two.as_str()) {
                return refused(&two);
            }
            let placed = match two.as_str() {
                "FM" => {
                    read.is_filled = false;
                    None
                }
                "MI" => Some(Part::Minus),
                "PL" => Some(Part::Plus),
                "SG" => Some(Part::Either),
                "PR" => {
                    read.sign = Sign::Brackets;
                    rest = &rest[2..];
                    continue;
                }
                _ => {
                    match letter {
                        '0' | '9' => {
                            read.parts.push(Part::Digit);
                            if has_point {
                                read.fraction += 1;
                                if letter == '0' {
                                    read.fraction_zeros = read.fraction;
                                }
                            } else {
                                if letter == '0' {
                                    first_zero.get_or_insert(read.whole);
                                }
                                read.whole += 1;
                            }
                        }
                        '.' | 'D' | 'd' if !has_point => {
                            has_point = true;
                            read.parts.push(Part::Point);
                        }
                        '.' | 'D' | 'd' | 'V' | 'v' | 'L' | 'l' => return refused(&letter.to_string()),
                        ',' | 'G' | 'g' => read.parts.push(Part::Comma),
                        'S' | 's' => {
                            let is_leading = read.whole + read.fraction == 0;
                            read.sign = if is_leading { Sign::Leading } else { Sign::Trailing };
                        }
                        '"' => {
                            let text = rest[1..].split('"').next().unwrap_or_default();
                            read.parts.extend(text.chars().map(Part::AsIt));
                            rest = rest.get(text.len() + 2..).unwrap_or_default();
                            continue;
                        }
                        other => read.parts.push(Part::AsIt(other)),
                    }
                    rest = &rest[letter.len_utf8()..];
                    continue;
                }
            };
            if let Some(part) = placed {
                read.parts.push(part);
                read.sign = Sign::Placed;
            }
            rest = &rest[2..];
        }
        read.whole_zeros = first_zero.map_or(0, |first| read.whole - first);
        Ok(read)
    }

    /// Writes a number that is given in plain decimal digits.
    pub(super) fn write(&self, number: &str) -> String {
        let (is_negative, plain) = match number.strip_prefix('-') {
            Some(plain) => (true, plain),
            None => (false, number),
        };
        let (whole, fraction) = rounded(plain, self.fraction);
        let is_negative = is_negative && (whole != "0" || fraction.bytes().any(|digit| digit != b'0'));
        let is_too_long = whole != "0" && whole.len() > self.whole;
        let digits = self.digits(&whole, &fraction, is_too_long);
        self.with_sign(&digits, is_negative)
    }

    /// The digits with commas and point; blanks stand where no digit is.
    fn digits(&self, whole: &str, fraction: &str, is_too_long: bool) -> Vec<(Part, char)> {
        // A zero before the point is written only where the pattern has a 0, or has nothing after the point.
        let is_written = whole != "0" || self.fraction == 0;
        let shown = if is_written { whole.len() } else { 0 }.max(self.whole_zeros);
        let kept = if self.is_filled {
            self.fraction
        } else {
            fraction.trim_end_matches('0').len().max(self.fraction_zeros)
        };
        let (mut place, mut after, mut has_begun) = (0, 0, false);
        let mut has_point = false;
        let mut written = Vec::new();
        for part in &self.parts {
            let sign = match part {
                Part::Digit if is_too_long => '#',
                Part::Digit if has_point => {
                    after += 1;
                    if after > kept { ' ' } else { char::from(fraction.as_bytes()[after - 1]) }
                }
                Part::Digit => {
                    let from_right = self.whole - place;
                    place += 1;
                    if from_right > shown {
                        ' '
                    } else {
                        has_begun = true;
                        let at = whole.len().checked_sub(from_right);
                        at.map_or('0', |at| char::from(whole.as_bytes()[at]))
                    }
                }
                Part::Comma if has_begun || is_too_long => ',',
                Part::Comma => ' ',
                Part::Point => {
                    has_point = true;
                    '.'
                }
                Part::AsIt(letter) => *letter,
                Part::Minus | Part::Plus | Part::Either => '?',
            };
            written.push((part.clone(), sign));
        }
        written
    }

    fn with_sign(&self, digits: &[(Part, char)], is_negative: bool) -> String {
        let is_number = |part: &Part| matches!(part, Part::Digit | Part::Comma | Part::Point);
        let first = digits.iter().position(|(part, sign)| is_number(part) && *sign != ' ');
        let mut text = String::new();
        for (index, (part, sign)) in digits.iter().enumerate() {
            if Some(index) == first {
                text.push_str(match self.sign {
                    Sign::Before if is_negative => "-",
                    Sign::Before if self.is_filled => " ",
                    Sign::Leading => {
                        if is_negative {
                            "-"
                        } else {
                            "+"
                        }
                    }
                    Sign::Brackets if is_negative => "<",
                    Sign::Brackets if self.is_filled => " ",
                    _ => "",
                });
            }
            let placed = match part {
                Part::Minus => {
                    if is_negative {
                        "-"
                    } else {
                        " "
                    }
                }
                Part::Plus => {
                    if is_negative {
                        " "
                    } else {
                        "+"
                    }
                }
                Part::Either => {
                    if is_negative {
                        "-"
                    } else {
                        "+"
                    }
                }
                part if is_number(part) && *sign == ' ' && !self.is_filled => "",
                _ => {
                    text.push(*sign);
                    continue;
                }
            };
            if self.is_filled || placed != " " {
                text.push_str(placed);
            }
        }
        match self.sign {
            Sign::Trailing => text.push(if is_negative { '-' } else { '+' }),
            Sign::Brackets if is_negative => text.push('>'),
            Sign::Brackets if self.is_filled => text.push(' '),
            _ => {}
        }
        text
    }
}

/// The digits before and after the point, rounded to so many after it, halves away from zero.
fn rounded(plain: &str, places: usize) -> (String, String) {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut digits: Vec<u8> =
        whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places)).collect();
    if fraction.as_bytes().get(places).is_some_and(|next| *next >= b'5') {
        let mut at = digits.len();
        loop {
            let Some(before) = at.checked_sub(1) else {
                digits.insert(0, b'1');
                break;
            };
            at = before;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
    }
    let text: String = digits.into_iter().map(char::from).collect();
    let (whole, fraction) = text.split_at(text.len() - places);
    let whole = whole.trim_start_matches('0');
    (if whole.is_empty() { "0".to_owned() } else { whole.to_owned() }, fraction.to_owned())
}
