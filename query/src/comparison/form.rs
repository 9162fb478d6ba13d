//! Columns whose values all have one form.
//!
//! In: a release table's schema. Out: the same schema, in which such columns say their form, so that it goes
//! with them through subqueries and other names. Most columns with
//! a type of their own need none, for the engine reads literals by the type.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::logical_expr::{Expr, ExprSchemable};

/// Where a field says its form.
const KEY: &str = "kayoi.form";

/// What all values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A year and a month, as 2026-03.
    MonthText,
    /// A date: of a month its first day.
    MonthDate,
    /// Five digits of JIS X 0402.
    MunicipalityCode,
    /// Two digits of JIS X 0401, or a word in place of one.
    PrefectureCode,
    /// Either, in a table with areas of several levels.
    AreaCode,
}

const FORMS: [(&str, Form); 9] = [
    ("month", Form::MonthDate),
    ("first_month", Form::MonthDate),
    ("last_month", Form::MonthDate),
    ("month_text", Form::MonthText),
    ("prefecture_code", Form::PrefectureCode),
    ("municipality_code", Form::MunicipalityCode),
    ("origin_code", Form::PrefectureCode),
    ("area_code", Form::PrefectureCode),
    ("area_code", Form::AreaCode),
];

/// Words that stand in place of a prefecture's code.
const NO_PREFECTURE: [&str; 4] = ["all", "inside", "outside", "JP"];
/// The words of regional blocks begin so.
const BLOCK: &str = "block_";

/// A release table's schema whose columns say their forms.
pub(crate) fn with_forms(schema: &SchemaRef) -> SchemaRef {
    let has_levels = schema.field_with_name("area_level").is_ok();
    let is_meant = |field: &Field, (name, form): &(&str, Form)| {
        *name == field.name() && (*name != "area_code" || has_levels == (*form == Form::AreaCode))
    };
    let field = |field: &Arc<Field>| match FORMS.iter().find(|known| is_meant(field, known)) {
        Some((_, form)) if *field.data_type() == form.data_type() => {
            let said = [(KEY.to_owned(), form.name().to_owned())];
            Arc::new(field.as_ref().clone().with_metadata(said.into()))
        }
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new_with_metadata(
        schema.fields().iter().map(field).collect::<Vec<_>>(),
        schema.metadata().clone(),
    ))
}

impl Form {
    /// The column that an expression is, and its form, when it has one.
    pub(super) fn of(expression: &Expr, schema: &DFSchema) -> Option<(String, Self)> {
        let column = match expression {
            Expr::Column(column) => column.name.clone(),
            Expr::Alias(alias) => return Self::of(&alias.expr, schema),
            _ => return None,
        };
        let (_, field) = expression.to_field(schema).ok()?;
        let said = field.metadata().get(KEY)?;
        let (_, form) = FORMS.iter().find(|(_, form)| form.name() == said)?;
        Some((column, *form))
    }

    /// The type of such columns.
    fn data_type(self) -> DataType {
        if self == Self::MonthDate { DataType::Date32 } else { DataType::Utf8 }
    }

    fn name(self) -> &'static str {
        match self {
            Self::MonthText => "month",
            Self::MonthDate => "first day of a month",
            Self::MunicipalityCode => "municipality code",
            Self::PrefectureCode => "prefecture code",
            Self::AreaCode => "code of a municipality or prefecture",
        }
    }

    /// Whether a literal may stand beside such values. The start of a code has its place in their order.
    pub(super) fn fits(self, literal: &str, is_equality: bool) -> bool {
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::MonthText => is_month(literal),
            // The engine reads dates of other forms too, and says what it cannot read; a month alone is what people
            // write, and nothing equals a day within a month.
            Self::MonthDate => {
                !is_month(literal)
                    && (!is_equality || literal.get(..10).is_none_or(|day| day.ends_with("-01")))
            }
            _ if !is_equality => true,
            Self::MunicipalityCode => digits(literal, 5),
            Self::AreaCode => digits(literal, 5) || digits(literal, 2) || literal == "JP",
            Self::PrefectureCode => {
                digits(literal, 2) || NO_PREFECTURE.contains(&literal) || literal.starts_with(BLOCK)
            }
        }
    }

    /// What all values are, in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::MonthText => "a year and a month",
            Self::MonthDate => "a date, the first day of a month",
            Self::MunicipalityCode => "five digits of JIS X 0402",
            Self::PrefectureCode => "two digits of JIS X 0401, or a word such as `all`",
            Self::AreaCode => "five digits of JIS X 0402, two of JIS X 0401, or `JP`",
        }
    }

    /// The literal in the right form where it can be guessed, else one of that form.
    pub(super) fn example(self, literal: &str) -> String {
        let is_digits = !literal.is_empty() && literal.bytes().all(|byte| byte.is_ascii_digit());
        let guessed = match self {
            Self::MonthText => literal.get(..7).filter(|start| is_month(start)).map(str::to_owned),
            Self::MonthDate => {
                literal.get(..7).filter(|start| is_month(start)).map(|start| format!("{start}-01"))
            }
            Self::MunicipalityCode if is_digits && literal.len() == 6 => Some(literal[..5].to_owned()),
            Self::MunicipalityCode if is_digits && literal.len() < 5 => Some(format!("{literal:0>5}")),
            Self::PrefectureCode if is_digits && literal.len() == 1 => Some(format!("0{literal}")),
            _ => None,
        };
        let example = match self {
            Self::MonthText => "2026-04",
            Self::MonthDate => "2026-04-01",
            Self::MunicipalityCode | Self::AreaCode => "20361",
            Self::PrefectureCode => "13",
        };
        let example = guessed.as_deref().unwrap_or(example);
        match self {
            Self::MonthDate => format!("`'{example}'`, or ask `month_text` for `'{}'`", &example[..7]),
            _ => format!("`'{example}'`"),
        }
    }
}

/// Whether a text is a year and a month, as 2026-03.
fn is_month(text: &str) -> bool {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-')
        .is_some_and(|(year, month)| digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month))
}
