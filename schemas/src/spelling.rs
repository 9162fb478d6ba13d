//! How the values of a ping may be spelled: the same in JSON, CSV, Avro, Protobuf and Parquet.
//!
//! In: nothing. Out: the contract's table of spellings, each with examples and what they mean, and its words that
//! stand for no value. Ingest's tests feed every example through every format; the page for partners shows the
//! same table. A text can stand in every format, a number in all but CSV, where its text is the same.

/// A text without the blanks around it. Nearly every text has none, which two bytes tell.
#[inline]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// A way to spell the values of a field.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// The field of the contract.
    pub field: &'static str,
    /// The timestamp unit that it belongs to, as `--timestamp-unit` names it; `None` for other fields.
    pub unit: Option<&'static str>,
    /// What it is.
    pub form: &'static str,
    /// Texts of the form.
    pub examples: &'static [&'static str],
    /// What each of the examples means, in the contract's own spelling.
    pub means: &'static str,
    /// Whether it needs the zone of the partner.
    pub needs_zone: bool,
}

const PLAIN: Spelling =
    Spelling { field: "", unit: None, form: "", examples: &[], means: "", needs_zone: false };

/// All spellings.
pub const SPELLINGS: &[Spelling] = &[
    Spelling {
        field: "device_id",
        form: "whole number up to 64 bits, as number or text",
        examples: &["9007199254740991", "9007199254740991.0"],
        means: "9007199254740991",
        ..PLAIN
    },
    Spelling {
        field: "device_id",
        form: "whole number that a program wrote as a float, below 2^53",
        examples: &["1230.0", "1.23e+03"],
        means: "1230",
        ..PLAIN
    },
    Spelling {
        field: "timestamp",
        unit: Some("ms"),
        form: "milliseconds, as number or text",
        examples: &["1750000000000", "1750000000000.0", "1.75e12", "1.750000000000E+12"],
        means: "1750000000000",
        ..PLAIN
    },
    Spelling {
        field: "timestamp",
        unit: Some("s"),
        form: "seconds, as number or text",
        examples: &["1750000000", "1750000000.000", "1.75e9"],
        means: "1750000000000",
        ..PLAIN
    },
    Spelling {
        field: "timestamp",
        unit: Some("iso"),
        form: "ISO 8601, extended or basic; up to 9 digits of a fraction",
        examples: &[
            "2025-06-15T15:06:40Z",
            "2025-06-16T00:06:40.000+09:00",
            "2025-06-16T00:06:40,000000000+0900",
            "20250615T150640Z",
            "20250616T000640+09",
        ],
        means: "1750000000000",
        ..PLAIN
    },
    Spelling {
        field: "timestamp",
        unit: Some("iso"),
        form: "PostgreSQL, BigQuery, Traccar, Excel with a zone",
        examples: &[
            "2025-06-15 15:06:40+00",
            "2025-06-15 15:06:40.000000 UTC",
            "2025-06-15T15:06:40.000+0000",
            "2025/6/16 0:06:40 +09:00",
            "2025-06-16 00:06:40 JST",
        ],
        means: "1750000000000",
        ..PLAIN
    },
    Spelling {
        field: "timestamp",
        unit: Some("iso"),
        form: "the same without a zone, when the operator says where the clocks are; here Asia/Tokyo",
        examples: &["2025-06-16T00:06:40", "2025-06-16 00:06:40.000", "20250616T000640", "2025/6/16 0:06:40"],
        means: "1750000000000",
        needs_zone: true,
    },
    Spelling {
        field: "latitude",
        form: "number or its text, with a decimal point; an exponent is read",
        examples: &["36.0451234", "3.60451234e1", "+36.0451234"],
        means: "36.0451234",
        ..PLAIN
    },
    Spelling {
        field: "longitude",
        form: "number or its text, with a decimal point; an exponent is read",
        examples: &["138.1171234", "1.381171234E+02"],
        means: "138.1171234",
        ..PLAIN
    },
    Spelling {
        field: "horizontal_accuracy",
        form: "number or its text, or a word that stands for none",
        examples: &["12.5", "12.50", "1.25e1"],
        means: "12.5",
        ..PLAIN
    },
    Spelling {
        field: "speed",
        form: "number or its text, 0 to 340; whatever else stands there, as -1, is taken for none",
        examples: &["1.5", "1.50", "1.5e0", "+1.5"],
        means: "1.5",
        ..PLAIN
    },
    Spelling {
        field: "source",
        form: "word in any case; any other leaves the source open",
        examples: &["gps", "GPS"],
        means: "gps",
        ..PLAIN
    },
    Spelling {
        field: "age_band",
        form: "band of years, or an age, which is kept as the five years that it lies in",
        examples: &["40-44", "40~44", "40〜44歳", "40 to 44", "40_44", "４３", "43歳", "43", "43.0"],
        means: "40-44",
        ..PLAIN
    },
    Spelling {
        field: "age_band",
        form: "decade",
        examples: &["40-49", "40代", "40歳代", "40s"],
        means: "40-49",
        ..PLAIN
    },
    Spelling {
        field: "age_band",
        form: "age and older",
        examples: &["65+", "65歳以上", "65-", "65 and over"],
        means: "65+",
        ..PLAIN
    },
    Spelling {
        field: "age_band",
        form: "below an age",
        examples: &["0-19", "20歳未満", "under 20", "<20"],
        means: "0-19",
        ..PLAIN
    },
    Spelling {
        field: "sex",
        form: "word or letter in any case, or the number of ISO/IEC 5218",
        examples: &["male", "M", "man", "男", "男性", "1", "1.0"],
        means: "male",
        ..PLAIN
    },
    Spelling {
        field: "sex",
        form: "word or letter in any case, or the number of ISO/IEC 5218",
        examples: &["female", "F", "Woman", "女", "女性", "2", "2.0"],
        means: "female",
        ..PLAIN
    },
    Spelling {
        field: "consent",
        form: "text or number; false, no, 0 and words that stand for none are no consent",
        examples: &["2026-04"],
        means: "2026-04",
        ..PLAIN
    },
];

/// Texts that stand for no value, in any case. A partner may have more.
pub const EMPTY_WORDS: &[&str] = &[
    "",
    "null",
    "<null>",
    "(null)",
    "\\N",
    "NaN",
    "NaT",
    "NA",
    "<NA>",
    "N/A",
    "#N/A",
    "None",
    "nil",
    "undefined",
    "unknown",
    "-",
    "--",
];

/// Texts in the place of a consent which say that there is none, as [`crate::placeholder::plain`] makes them.
pub const NO_CONSENT_WORDS: &[&str] = &[
    "false",
    "f",
    "no",
    "n",
    "off",
    "denied",
    "deny",
    "refused",
    "declined",
    "disagree",
    "rejected",
    "revoked",
    "withdrawn",
    "optout",
    "optedout",
    "notdetermined",
    "notgranted",
    "いいえ",
    "拒否",
    "不同意",
    "未同意",
    "同意しない",
    "なし",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ping::CONTRACT;

    #[test]
    fn every_field_that_is_kept_has_a_spelling() {
        for field in CONTRACT.iter().filter(|field| field.name != "os") {
            assert!(SPELLINGS.iter().any(|spelling| spelling.field == field.name), "{}", field.name);
        }
        for spelling in SPELLINGS {
            assert!(CONTRACT.iter().any(|field| field.name == spelling.field), "{}", spelling.field);
        }
    }
}
