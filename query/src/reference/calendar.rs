//! What each date is, as figures take it: their type of day, fiscal year, holidays.
//!
//! School holidays are not here: each board of education sets its own, and no table of all of them is published.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::DataType::{Boolean, Date32, Int64, Utf8};
use datafusion::error::Result;
use kayoi_schemas::calendar::{holiday_name, is_kin_visit_period};
use kayoi_schemas::time::Day;

use crate::beside::{Described, column, may_be_empty};

/// The years whose holidays are known by rule: see [`holiday_name`].
const YEARS: [&str; 2] = ["2007-01-01", "2030-12-31"];
/// 年度 begin in April.
const FIRST_FISCAL_MONTH: u32 = 4;

pub(super) static TABLE: Described = Described {
    name: "calendar",
    ja: "日付(2007年から2030年)",
    en: "a date, of the years 2007 to 2030",
    columns: &[
        column("date", Date32, "日付", "the date"),
        column(
            "month",
            Date32,
            "その月の1日。表のmonthと結合できる",
            "first day of its month, as `month` in release tables",
        ),
        column(
            "fiscal_year",
            Int64,
            "年度(4月から翌年3月)",
            "fiscal year, April to March, by the year in which it begins",
        ),
        column(
            "weekday",
            Int64,
            "曜日(1が月曜日、7が日曜日)",
            "day of the week by ISO 8601: 1 is Monday, 7 Sunday",
        ),
        column(
            "day_type",
            Utf8,
            "`weekday`(平日)または`holiday`(土日と国民の祝日・休日)。人の流れの表と同じ",
            "`weekday`, or `holiday` for Saturdays, Sundays and national holidays, as in release tables",
        ),
        may_be_empty(
            "holiday",
            Utf8,
            "国民の祝日・休日の名前。それ以外の日は空",
            "name of the national holiday in Japanese; empty on other days",
        ),
        column(
            "is_kin_visit_period",
            Boolean,
            "お盆(8月13〜16日)または年末年始(12月29日〜1月3日)",
            "お盆 (13 to 16 August) or 年末年始 (29 December to 3 January)",
        ),
    ],
    key: &["date"],
};

pub(super) fn rows() -> Result<RecordBatch> {
    let days: Vec<Day> = match YEARS.map(Day::parse) {
        [Some(first), Some(last)] => (first.0..=last.0).map(Day).collect(),
        _ => Vec::new(),
    };
    let fiscal_year = |day: &Day| {
        let (year, month, _) = day.ymd();
        i64::from(if month < FIRST_FISCAL_MONTH { year - 1 } else { year })
    };
    let day_type = |day: &Day| if day.is_working_day() { "weekday" } else { "holiday" };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Date32Array::from_iter_values(days.iter().map(|day| day.0))),
        Arc::new(Date32Array::from_iter_values(days.iter().map(|day| day.month().first_day().0))),
        Arc::new(Int64Array::from_iter_values(days.iter().map(fiscal_year))),
        Arc::new(Int64Array::from_iter_values(days.iter().map(|day| i64::from(day.days_after_monday()) + 1))),
        Arc::new(StringArray::from_iter_values(days.iter().map(day_type))),
        Arc::new(StringArray::from_iter(days.iter().map(|day| holiday_name(*day)))),
        Arc::new(BooleanArray::from_iter(days.iter().map(|day| Some(is_kin_visit_period(*day))))),
    ];
    Ok(RecordBatch::try_new(TABLE.arrow_schema(), columns)?)
}
