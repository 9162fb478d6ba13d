//! A time as text, when nobody says a pattern.
//!
//! In: times. Out: texts as PostgreSQL casts them, `2026-04-03 15:04:05.5+09`; the engine writes a T between
//! date and time, so that such a text equals none of PostgreSQL's.

use datafusion::arrow::array::Array;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::moment::Moment;

/// Times as text.
pub(crate) fn shown() -> ScalarUDF {
    ScalarUDF::new_from_impl(Shown { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Shown {
    signature: Signature,
}

impl ScalarUDFImpl for Shown {
    fn name(&self) -> &'static str {
        "time_as_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = arguments.args.as_slice() else {
            return Err(DataFusionError::Plan("a time as text takes one argument".to_owned()));
        };
        let is_constant = matches!(value, ColumnarValue::Scalar(_));
        let values = super::in_micros(&value.to_array(1)?)?;
        let DataType::Timestamp(_, zone) = values.data_type().clone() else {
            return Err(DataFusionError::Plan("a time as text takes a timestamp".to_owned()));
        };
        let moment = super::moments_of(&values, zone.as_deref())?;
        let text = |row: usize| {
            let moment = values.is_valid(row).then(|| moment(row)).flatten()?;
            Some(text(&moment, zone.is_some()))
        };
        let texts: datafusion::arrow::array::StringArray = (0..values.len()).map(text).collect();
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&texts, 0)?));
        }
        Ok(ColumnarValue::Array(std::sync::Arc::new(texts)))
    }
}

fn text(moment: &Moment, has_zone: bool) -> String {
    let mut text = moment.local.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    if has_zone {
        let (sign, ahead) = if moment.offset_seconds < 0 {
            ('-', -moment.offset_seconds)
        } else {
            ('+', moment.offset_seconds)
        };
        text.push_str(&format!("{sign}{:02}", ahead / 3_600));
        if ahead % 3_600 != 0 {
            text.push_str(&format!(":{:02}", ahead % 3_600 / 60));
        }
    }
    text
}
