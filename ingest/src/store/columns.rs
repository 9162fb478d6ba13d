//! Sorted pings → the columns of a table of fixes.
//!
//! In: pings one by one, in the order of their table. Out: the values of each column. A ping is looked at once
//! and its values go to all columns: rows that are sorted lie anywhere in memory, and to fetch each of them
//! again for each column would cost more than to sort them. What counts rows afterwards reads two columns, not
//! the pings.

use std::fmt::{Display, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float32Builder, Int32Array, Int64Array, StringBuilder, TimestampMicrosecondArray,
};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::speed::GroundSpeed;

use crate::place::PlacedPing;

/// The columns that every table of fixes begins with, and by whom each row came.
pub(super) struct FixColumns {
    devices: Vec<i64>,
    instants_us: Vec<i64>,
    latitudes_e7: Vec<i32>,
    longitudes_e7: Vec<i32>,
    accuracies_m: Float32Builder,
    speeds_m_s: Float32Builder,
    sources: StringBuilder,
    ages: Words<AgeBand>,
    sexes: StringBuilder,
    cells: Vec<i64>,
    municipalities: Words<MunicipalityCode>,
    /// For each row an index into the sorted names of the partners.
    partners: Vec<u16>,
    /// Rows in no municipality.
    pub(super) outside_municipalities: u64,
    /// Rows whose municipality is only the nearest one.
    pub(super) off_coast: u64,
}

impl FixColumns {
    /// Columns for so many rows.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            devices: Vec::with_capacity(rows),
            instants_us: Vec::with_capacity(rows),
            latitudes_e7: Vec::with_capacity(rows),
            longitudes_e7: Vec::with_capacity(rows),
            accuracies_m: Float32Builder::with_capacity(rows),
            speeds_m_s: Float32Builder::with_capacity(rows),
            sources: StringBuilder::with_capacity(rows, rows * 5),
            // Of most feeds these have no text at all.
            ages: Words::new(StringBuilder::with_capacity(rows, 0)),
            sexes: StringBuilder::with_capacity(rows, 0),
            cells: Vec::with_capacity(rows),
            municipalities: Words::new(StringBuilder::with_capacity(rows, rows * 5)),
            partners: Vec::with_capacity(rows),
            outside_municipalities: 0,
            off_coast: 0,
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, ping: &PlacedPing, partner: u16) {
        self.devices.push(ping.device().column_value());
        self.instants_us.push(ping.instant().0 * 1000);
        self.latitudes_e7.push(ping.point().latitude_e7);
        self.longitudes_e7.push(ping.point().longitude_e7);
        self.accuracies_m.append_option(ping.accuracy_m());
        self.speeds_m_s.append_option(ping.speed().map(GroundSpeed::m_s));
        self.sources.append_option(ping.source().map(|source| source.as_str()));
        self.ages.push(ping.age());
        self.sexes.append_option(ping.sex().map(Sex::as_str));
        self.cells.push(ping.cell.column_value());
        self.municipalities.push(ping.municipality);
        self.partners.push(partner);
        self.outside_municipalities += u64::from(ping.municipality.is_none());
        self.off_coast += u64::from(ping.is_off_coast);
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.partners.len()
    }

    /// Who delivered each row, and when the device was there.
    pub(super) fn deliveries(&self) -> impl Iterator<Item = (u16, UtcMillis)> {
        let instants = self.instants_us.iter().map(|microseconds| UtcMillis(microseconds / 1000));
        self.partners.iter().copied().zip(instants)
    }

    /// The columns in their order, with the name of each row's partner at the end.
    pub(super) fn finish(mut self, partners: &[String]) -> Vec<ArrayRef> {
        let name = |partner: u16| partners.get(usize::from(partner)).map_or("", String::as_str);
        let longest = partners.iter().map(String::len).max().unwrap_or_default();
        let mut names = StringBuilder::with_capacity(self.partners.len(), self.partners.len() * longest);
        self.partners.iter().for_each(|partner| names.append_value(name(*partner)));
        vec![
            Arc::new(Int64Array::from(self.devices)),
            Arc::new(TimestampMicrosecondArray::from(self.instants_us).with_timezone("UTC")),
            Arc::new(Int32Array::from(self.latitudes_e7)),
            Arc::new(Int32Array::from(self.longitudes_e7)),
            Arc::new(self.accuracies_m.finish()),
            Arc::new(self.speeds_m_s.finish()),
            Arc::new(self.sources.finish()),
            Arc::new(self.ages.texts.finish()),
            Arc::new(self.sexes.finish()),
            Arc::new(Int64Array::from(self.cells)),
            Arc::new(self.municipalities.texts.finish()),
            Arc::new(names.finish()),
        ]
    }
}

/// A column of texts that are made of values. Rows are those of one device after the other, which mostly is where it was
/// and is always of one person, so that the text of a value is mostly written already.
struct Words<T> {
    last: Option<T>,
    text: String,
    texts: StringBuilder,
}

impl<T: Copy + PartialEq + Display> Words<T> {
    fn new(texts: StringBuilder) -> Self {
        Self { last: None, text: String::new(), texts }
    }

    fn push(&mut self, value: Option<T>) {
        let Some(known) = value else { return self.texts.append_null() };
        if self.last != value {
            self.last = value;
            self.text.clear();
            // Writing to a String cannot fail.
            let _ = write!(self.text, "{known}");
        }
        self.texts.append_value(&self.text);
    }
}
