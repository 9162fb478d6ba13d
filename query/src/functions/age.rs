//! `age(moment, since)`: the time between two moments in years, months, days and a rest, as a calendar counts it.
//!
//! In: dates or moments. Out: intervals. The engine has a subtraction only, which counts days and no months. Moments with a
//! zone are taken by the clocks of the connection, because that is where its days begin.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Months, NaiveDateTime, Timelike};
use datafusion::arrow::array::timezone::Tz;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, IntervalMonthDayNanoArray};
use datafusion::arrow::datatypes::{
    DataType, IntervalMonthDayNano, IntervalUnit, TimeUnit, TimestampMicrosecondType,
};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::session::TIME_ZONE;
use crate::types::sql_type;

/// `age(moment, since)`.
pub(super) fn age() -> ScalarUDF {
    ScalarUDF::new_from_impl(Age { signature: Signature::user_defined(Volatility::Stable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Age {
    signature: Signature,
}

const DAY_NANOS: i64 = 86_400_000_000_000;

impl ScalarUDFImpl for Age {
    fn name(&self) -> &'static str {
        "age"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Interval(IntervalUnit::MonthDayNano))
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let moment = |of: &DataType| match of {
            DataType::Timestamp(_, Some(_)) => {
                Some(DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
            }
            DataType::Timestamp(_, None)
            | DataType::Date32
            | DataType::Null
            | DataType::Utf8
            | DataType::Utf8View
            | DataType::LargeUtf8 => Some(DataType::Timestamp(TimeUnit::Microsecond, None)),
            _ => None,
        };
        match given.iter().map(moment).collect::<Option<Vec<_>>>() {
            Some(moments) if moments.len() == 2 => Ok(moments),
            _ => {
                let given: Vec<_> = given.iter().map(sql_type).collect();
                plan_err!("age takes (timestamp, timestamp), not ({})", given.join(", "))
            }
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let zone: Tz =
            arguments.config_options.execution.time_zone.as_deref().unwrap_or(TIME_ZONE).parse()?;
        let [of, since] = arguments.args.as_slice() else { return exec_err!("age takes two moments") };
        let of = of.to_array(arguments.number_rows)?;
        let since = since.to_array(arguments.number_rows)?;
        let mut ages = Vec::with_capacity(arguments.number_rows);
        for row in 0..arguments.number_rows {
            let both = (clock(&of, row, &zone)?, clock(&since, row, &zone)?);
            ages.push(match both {
                (Some(of), Some(since)) => Some(between(of, since)),
                _ => None,
            });
        }
        Ok(ColumnarValue::Array(Arc::new(IntervalMonthDayNanoArray::from(ages))))
    }
}

/// What the clocks show; of a moment without a zone what it says itself.
fn clock(moments: &ArrayRef, row: usize, zone: &Tz) -> Result<Option<NaiveDateTime>> {
    if moments.is_null(row) {
        return Ok(None);
    }
    let micros = moments.as_primitive::<TimestampMicrosecondType>().value(row);
    let Some(moment) = DateTime::from_timestamp_micros(micros) else {
        return exec_err!("a moment is out of range");
    };
    Ok(Some(match moments.data_type() {
        DataType::Timestamp(_, Some(_)) => moment.with_timezone(zone).naive_local(),
        _ => moment.naive_utc(),
    }))
}

/// PostgreSQL's way: a month that is not full gives its days, as many as the earlier moment's month has.
fn between(of: NaiveDateTime, since: NaiveDateTime) -> IntervalMonthDayNano {
    let (sign, later, earlier) = if of < since { (-1, since, of) } else { (1, of, since) };
    let nanos_of_day = |moment: NaiveDateTime| {
        i64::from(moment.num_seconds_from_midnight()) * 1_000_000_000 + i64::from(moment.nanosecond())
    };
    let months_of = |moment: NaiveDateTime| i64::from(moment.year()) * 12 + i64::from(moment.month());
    let mut months = months_of(later) - months_of(earlier);
    let mut days = i64::from(later.day()) - i64::from(earlier.day());
    let mut nanos = nanos_of_day(later) - nanos_of_day(earlier);
    if nanos < 0 {
        nanos += DAY_NANOS;
        days -= 1;
    }
    if days < 0 {
        days += days_of_month(earlier);
        months -= 1;
    }
    let signed = |count: i64| i32::try_from(sign * count).unwrap_or_default();
    IntervalMonthDayNano::new(signed(months), signed(days), sign * nanos)
}

fn days_of_month(moment: NaiveDateTime) -> i64 {
    let first = moment.date().with_day(1);
    let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
    first.zip(next).map_or(31, |(first, next)| (next - first).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let moment = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        for (of, since, wanted) in [
            ("2026-03-01 00:00", "2026-01-31 00:00", (1, 1, 0)),
            ("2026-03-31 12:00", "2025-02-28 13:00", (13, 2, 23)),
            ("2026-01-31 00:00", "2026-03-01 00:00", (-1, -1, 0)),
            ("2026-04-03 00:00", "2026-04-03 00:00", (0, 0, 0)),
        ] {
            let age = between(moment(of), moment(since));
            assert_eq!((age.months, age.days, age.nanoseconds / 3_600_000_000_000), wanted, "{of} {since}");
        }
    }
}
