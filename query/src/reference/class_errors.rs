//! What phones show of each kind of tie for a true one, which intervals do not hold.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::DataType::{Float64, Int64, Utf8};
use datafusion::error::Result;
use kayoi_schemas::figure::ClassError;

use crate::beside::{Described, column, may_be_empty};

pub(super) static TABLE: Described = Described {
    name: "class_errors",
    ja: "区分の誤り(シミュレーションの世界で、ある種類の人が端末でどれだけ見えるか)。区間には含まれず、どの数値にも掛けていない",
    en: "what phones with so many pings a day show of a kind of people for what is true of them, in simulated worlds; no \
         interval holds it, and no figure is multiplied by it",
    columns: &[
        column(
            "kind",
            Utf8,
            "種類。connected_monthlyのkindと同じ",
            "kind of people, as `kind` in `connected_monthly`",
        ),
        column("pings_a_day", Float64, "端末の1日の測位回数(平均)", "mean pings of a phone on a day"),
        column(
            "people_true",
            Int64,
            "端末を持つ人の真の延べ人数(人×市区町村)",
            "true ones among the people who carry the phones, person x municipality",
        ),
        column(
            "people_seen",
            Int64,
            "端末で見えた延べ人数。真でないものも含む",
            "those that the phones show, true or not",
        ),
        may_be_empty(
            "seen_per_true",
            Float64,
            "見えた人数÷真の人数。真の人数が30より少ないときは空",
            "seen by true; empty where fewer than 30 are true",
        ),
        may_be_empty(
            "least",
            Float64,
            "世界ごとの比のうち最小。比べる世界がないときと、30人より少ないときは空",
            "the least of it between worlds; empty where there is one world only, or fewer than 30 are true",
        ),
        may_be_empty(
            "most",
            Float64,
            "世界ごとの比のうち最大",
            "the most of it between worlds; empty likewise",
        ),
        column("worlds", Int64, "数えた世界の数", "simulated worlds in which they were counted"),
    ],
    key: &["kind", "pings_a_day"],
};

pub(super) fn rows() -> Result<RecordBatch> {
    let all: Vec<ClassError> = ClassError::all().collect();
    let number = |of: &dyn Fn(&ClassError) -> u32| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(all.iter().map(|one| i64::from(of(one)))))
    };
    let share = |of: &dyn Fn(&ClassError) -> Option<f64>| -> ArrayRef {
        Arc::new(Float64Array::from_iter(all.iter().map(of)))
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(all.iter().map(|one| one.kind))),
        Arc::new(Float64Array::from_iter_values(all.iter().map(|one| one.pings_a_day))),
        number(&|one| one.truth),
        number(&|one| one.seen),
        share(&ClassError::seen_per_true),
        share(&|one| one.between_worlds.map(|(least, _)| least)),
        share(&|one| one.between_worlds.map(|(_, most)| most)),
        number(&|one| one.worlds),
    ];
    Ok(RecordBatch::try_new(TABLE.arrow_schema(), columns)?)
}
