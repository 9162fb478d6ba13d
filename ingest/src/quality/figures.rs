//! The figures of table `quality`, by partner, day and measure.
//!
//! In: rows of the table. Out: [`Figures`], and the list of all [`MEASURES`] with what each means and its
//! unit: what a figure is called is written here and nowhere else.

use std::collections::BTreeMap;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type};
use kayoi_lake::{Lake, LakeError};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Day;

/// Measures of one partner and day, by name.
pub type Measures = BTreeMap<String, f64>;
/// All figures, by partner and day.
pub type Figures = BTreeMap<(String, Day), Measures>;

/// A measure, as `kayoi quality --help` lists it.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Word in column `measure`.
    pub name: &'static str,
    /// Unit of column `value`.
    pub unit: &'static str,
    /// What the figure says.
    pub meaning: &'static str,
}

const fn documented(name: &'static str, unit: &'static str, meaning: &'static str) -> Measure {
    Measure { name, unit, meaning }
}

/// Records that arrived on the day.
pub const RECEIVED: &str = "received";
/// Stored, late and rejected records of the day.
pub(super) const RECORDS: &str = "records";
/// Fixes of the day that were stored.
pub(super) const STORED: &str = "stored";
/// Fixes of the day that came too late.
pub const LATE: &str = "late";
/// Records that were rejected on the day.
pub const REJECTED: &str = "rejected";
/// Seconds from a stored fix to its commit, mean.
pub const DELAY_MEAN: &str = "delay_mean_s";
/// Seconds from a stored fix to its commit, greatest.
pub(super) const DELAY_GREATEST: &str = "delay_greatest_s";
/// Distinct fixes of the day in table `pings`.
pub const PINGS: &str = "pings";
/// Distinct devices among those fixes.
pub const DEVICES: &str = "devices";
/// Fixes of a device, mean.
pub const PINGS_PER_DEVICE: &str = "pings_per_device";
/// Metres of accuracy where the partner says it, median.
pub const ACCURACY_MEDIAN: &str = "accuracy_median_m";
/// Metres of accuracy where the partner says it, 95th percentile.
pub const ACCURACY_P95: &str = "accuracy_p95_m";
/// Share of fixes whose person's age is known.
pub const AGE_KNOWN: &str = "age_share";
/// Share of fixes whose person's sex is known.
pub const SEX_KNOWN: &str = "sex_share";
/// Local hours of the day with a fix.
pub const HOURS: &str = "hours_covered";
/// Share of fixes at points that five or more devices share.
pub const REPEATED: &str = "repeated_share";
/// Devices that were at many places at once.
pub const SHARED: &str = "shared_devices";

/// Every measure there is, as `kayoi quality --help` lists them.
pub const MEASURES: [Measure; 18] = [
    documented(RECEIVED, "records", "records that arrived on the day, copies included"),
    documented(RECORDS, "records", "stored + late + rejected"),
    documented(STORED, "fixes", "fixes of the day that were stored, whenever they arrived"),
    documented(LATE, "fixes", "fixes of the day that came later than the feed's allowed lateness"),
    documented(REJECTED, "records", "records that arrived on the day and were not accepted"),
    documented("rejected:REASON", "records", "of them, by the reasons of `kayoi schema --rejects`"),
    documented(DELAY_MEAN, "seconds", "from a stored fix to its commit, mean"),
    documented(DELAY_GREATEST, "seconds", "from a stored fix to its commit, greatest"),
    documented(PINGS, "fixes", "distinct fixes of the day in the lake"),
    documented(DEVICES, "devices", "distinct devices among them"),
    documented(PINGS_PER_DEVICE, "fixes", "mean of a device"),
    documented(ACCURACY_MEDIAN, "metres", "horizontal accuracy where the partner says it, median, to 0.1 m"),
    documented(ACCURACY_P95, "metres", "the same, 95th percentile"),
    documented(AGE_KNOWN, "share", "fixes with an age of the person that could be read"),
    documented(SEX_KNOWN, "share", "fixes with a sex of the person that could be read"),
    documented(HOURS, "hours", "of the day's 24 local hours, those with a fix"),
    documented(
        REPEATED,
        "share",
        "fixes at a point (to 1e-7 degree, about 1 cm) that five or more devices share on the day: centroids and defaults, not fixes",
    ),
    documented(
        SHARED,
        "devices",
        "device ids that within an hour jumped 20 times or more, over 3 km and faster than 750 m/s: words for no id, not devices",
    ),
];

/// Measures that rows of `pings` give, and that are taken anew when the rows change.
pub(super) const OF_ROWS: [&str; 10] = [
    PINGS,
    DEVICES,
    PINGS_PER_DEVICE,
    ACCURACY_MEDIAN,
    ACCURACY_P95,
    AGE_KNOWN,
    SEX_KNOWN,
    HOURS,
    REPEATED,
    SHARED,
];

/// The figures of the table, as they stand.
///
/// # Errors
/// [`LakeError`] when the table cannot be read.
pub fn figures(lake: &Lake) -> Result<Figures, LakeError> {
    let mut figures = Figures::new();
    for batch in lake.rows(InternalTable::Quality, &["partner", "day", "measure", "value"])? {
        read(&batch, &mut figures);
    }
    Ok(figures)
}

fn read(batch: &RecordBatch, figures: &mut Figures) {
    let (partners, measures) = (batch.column(0).as_string::<i32>(), batch.column(2).as_string::<i32>());
    let days = batch.column(1).as_primitive::<Date32Type>().values();
    let values = batch.column(3).as_primitive::<Float64Type>().values();
    for row in 0..batch.num_rows() {
        let key = (partners.value(row).to_owned(), Day(days[row]));
        figures.entry(key).or_default().insert(measures.value(row).to_owned(), values[row]);
    }
}
