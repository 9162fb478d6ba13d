//! `timezone(zone, time)`, which `AT TIME ZONE` is.
//!
//! In: a zone by name and times. Out: for a time with a zone what the clocks of that zone show, without a zone;
//! for a time without one the instant at which they show it. The engine changes the zone in both cases, so that
//! what comes out is compared as an instant where PostgreSQL compares clocks.

use std::sync::Arc;

use chrono::{DateTime, Offset};
use datafusion::arrow::array::timezone::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::session::TIME_ZONE;
use crate::types::sql_type;

/// `timezone(zone, time)`.
pub(super) fn timezone() -> ScalarUDF {
    ScalarUDF::new_from_impl(Timezone::of(TIME_ZONE))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Timezone {
    signature: Signature,
    /// The zone in which instants are shown.
    shown: Arc<str>,
}

impl Timezone {
    fn of(shown: &str) -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable), shown: shown.into() }
    }

    fn shown(&self) -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::clone(&self.shown)))
    }
}

const WITHOUT_ZONE: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

impl ScalarUDFImpl for Timezone {
    fn name(&self) -> &'static str {
        "timezone"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn with_updated_config(&self, config: &ConfigOptions) -> Option<ScalarUDF> {
        let shown = config.execution.time_zone.as_deref().unwrap_or(TIME_ZONE);
        Some(ScalarUDF::new_from_impl(Self::of(shown)))
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments {
            [_, DataType::Timestamp(_, Some(_))] => Ok(WITHOUT_ZONE),
            _ => Ok(self.shown()),
        }
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        match given {
            [
                DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8,
                DataType::Timestamp(_, Some(zone)),
            ] => Ok(vec![DataType::Utf8, DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::clone(zone)))]),
            [
                DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8,
                DataType::Timestamp(_, None) | DataType::Date32,
            ] => Ok(vec![DataType::Utf8, WITHOUT_ZONE]),
            _ => {
                let given: Vec<_> = given.iter().map(sql_type).collect();
                plan_err!("AT TIME ZONE takes (text, timestamp), not ({})", given.join(", "))
            }
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [ColumnarValue::Scalar(ScalarValue::Utf8(zone)), times] = arguments.args.as_slice() else {
            return Err(DataFusionError::Plan(
                "the zone of AT TIME ZONE must be written in quotes".to_owned(),
            ));
        };
        let is_constant = matches!(times, ColumnarValue::Scalar(_));
        let times = times.to_array(1)?;
        let done: ArrayRef = match zone {
            None => datafusion::arrow::array::new_null_array(arguments.return_type(), times.len()),
            Some(zone) => {
                let zone = crate::session::zone(zone).ok_or_else(|| {
                    DataFusionError::Execution(format!(
                        "time zone `{zone}` is not known\nhint: zones have names such as 'Asia/Tokyo' or 'UTC'"
                    ))
                })?;
                if *times.data_type() == WITHOUT_ZONE {
                    let there = DataType::Timestamp(TimeUnit::Microsecond, Some(zone.into()));
                    cast(&cast(&times, &there)?, &self.shown())?
                } else {
                    Arc::new(clocks(&times, zone.parse()?))
                }
            }
        };
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&done, 0)?));
        }
        Ok(ColumnarValue::Array(done))
    }
}

/// What clocks of a zone show at instants.
fn clocks(instants: &ArrayRef, zone: Tz) -> PrimitiveArray<TimestampMicrosecondType> {
    let shown = |micros: i64| {
        let local = DateTime::from_timestamp_micros(micros)?.with_timezone(&zone);
        micros.checked_add(i64::from(local.offset().fix().local_minus_utc()) * 1_000_000)
    };
    let instants = instants.as_primitive::<TimestampMicrosecondType>();
    instants.iter().map(|instant| instant.and_then(shown)).collect()
}
