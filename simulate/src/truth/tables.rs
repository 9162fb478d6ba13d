//! The truth as Parquet.
//!
//! In: what each person adds. Out: six zstd files. Municipality codes are text, as everywhere.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int16Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::{Judged, Residence, Tie, Truth};
use crate::error::SimulateError;
use crate::people::DIARY_PEOPLE;
use crate::world::World;

/// A file, opened when its first rows come.
pub(crate) struct Table<'f> {
    folder: &'f Path,
    name: &'static str,
    note: Option<(&'static str, String)>,
    writer: Option<ArrowWriter<File>>,
}

impl<'f> Table<'f> {
    pub(crate) fn new(folder: &'f Path, name: &'static str) -> Self {
        Self { folder, name, note: None, writer: None }
    }

    pub(crate) fn append(&mut self, columns: Vec<(&str, ArrayRef)>) -> Result<(), SimulateError> {
        let nullable = columns.into_iter().map(|(name, column)| (name, column, true));
        let batch =
            RecordBatch::try_from_iter_with_nullable(nullable).map_err(SimulateError::columns(self.name))?;
        if self.writer.is_none() {
            self.writer = Some(self.open(&batch)?);
        }
        match &mut self.writer {
            Some(writer) => writer.write(&batch).map_err(SimulateError::parquet(self.name)),
            None => Ok(()),
        }
    }

    fn open(&self, batch: &RecordBatch) -> Result<ArrowWriter<File>, SimulateError> {
        let path = self.folder.join(format!("{}.parquet", self.name));
        let file = File::create(&path).map_err(SimulateError::io(&path))?;
        let note = self.note.clone().map(|(key, value)| vec![KeyValue::new(key.to_owned(), value)]);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(note)
            .build();
        ArrowWriter::try_new(file, batch.schema(), Some(properties))
            .map_err(SimulateError::parquet(self.name))
    }

    pub(crate) fn close(self) -> Result<(), SimulateError> {
        if let Some(writer) = self.writer {
            writer.close().map_err(SimulateError::parquet(self.name))?;
        }
        Ok(())
    }
}

/// All files of the truth.
pub(super) struct Tables<'f> {
    people: Table<'f>,
    diary: Table<'f>,
    nights: Table<'f>,
    residences: Table<'f>,
    ties: Table<'f>,
    workplaces: Table<'f>,
}

impl<'f> Tables<'f> {
    pub(super) fn create(folder: &'f Path) -> Result<Self, SimulateError> {
        std::fs::create_dir_all(folder).map_err(SimulateError::io(folder))?;
        let table = |name| Table::new(folder, name);
        let limit = format!("the first {DIARY_PEOPLE} people only");
        Ok(Self {
            people: table("people"),
            diary: Table { note: Some(("kayoi.people", limit)), ..table("diary") },
            nights: table("nights"),
            residences: table("residences"),
            ties: table("ties"),
            workplaces: table("workplaces"),
        })
    }

    pub(super) fn append(&mut self, world: &World, truths: &[Truth]) -> Result<(), SimulateError> {
        self.people.append(people(truths))?;
        self.diary.append(diary(truths))?;
        self.nights.append(nights(world, truths))?;
        self.residences.append(residences(truths))?;
        self.ties.append(ties(truths))?;
        self.workplaces.append(workplaces(truths))
    }

    pub(super) fn close(self) -> Result<(), SimulateError> {
        let all = [self.people, self.diary, self.nights, self.residences, self.ties, self.workplaces];
        all.into_iter().try_for_each(Table::close)
    }
}

pub(super) type Columns = Vec<(&'static str, ArrayRef)>;

/// All devices with the index of their person.
fn devices<'t>(truths: &'t [Truth<'t>]) -> impl Iterator<Item = (u32, &'t Judged)> + Clone {
    truths.iter().flat_map(|truth| truth.devices.iter().map(|judged| (truth.person.index, judged)))
}

pub(crate) fn texts<T: AsRef<str>>(values: impl Iterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values.map(Some)))
}

pub(super) fn codes(values: impl Iterator<Item = Option<MunicipalityCode>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values.map(|code| code.map(|code| code.to_string()))))
}

pub(super) fn days(values: impl Iterator<Item = Day>) -> ArrayRef {
    Arc::new(Date32Array::from_iter_values(values.map(|day| day.0)))
}

pub(super) fn flags(values: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(BooleanArray::from(values.collect::<Vec<bool>>()))
}

pub(super) fn integers(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

fn instants(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMillisecondArray::from_iter_values(values).with_timezone("UTC"))
}

fn people(truths: &[Truth]) -> Columns {
    let rows: Vec<_> =
        truths.iter().flat_map(|t| t.devices.iter().map(|judged| (t.person, &judged.device))).collect();
    let rows = || rows.iter().copied();
    vec![
        ("person", Arc::new(Int64Array::from_iter_values(rows().map(|(p, _)| i64::from(p.index))))),
        ("device_id", texts(rows().map(|(_, d)| &d.text))),
        ("from_day", days(rows().map(|(_, d)| d.from))),
        ("until_day", days(rows().map(|(_, d)| d.until))),
        ("persona", texts(rows().map(|(p, _)| p.persona.as_str()))),
        ("home_municipality", codes(rows().map(|(p, d)| p.home_at(d.until)))),
        ("second_municipality", codes(rows().map(|(p, _)| p.second.map(|spot| spot.town)))),
        ("regime", Arc::new(StringArray::from_iter(rows().map(|(p, _)| p.regime.map(|r| r.as_str()))))),
        ("workplace_municipality", codes(rows().map(|(p, _)| p.work.map(|spot| spot.town)))),
        ("pings_per_day", Arc::new(Float64Array::from_iter_values(rows().map(|(_, d)| d.rate)))),
    ]
}

fn diary(truths: &[Truth]) -> Columns {
    let rows = || truths.iter().flat_map(|t| t.life.diary.iter().map(move |stay| (t.person.index, stay)));
    vec![
        ("person", Arc::new(Int64Array::from_iter_values(rows().map(|(p, _)| i64::from(p))))),
        ("arrival", instants(rows().map(|(_, stay)| stay.from_ms))),
        ("departure", instants(rows().map(|(_, stay)| stay.until_ms))),
        ("municipality_code", codes(rows().map(|(_, stay)| Some(stay.start.town)))),
        ("latitude", Arc::new(Float64Array::from_iter_values(rows().map(|(_, stay)| stay.start.latitude)))),
        ("longitude", Arc::new(Float64Array::from_iter_values(rows().map(|(_, stay)| stay.start.longitude)))),
        ("activity", texts(rows().map(|(_, stay)| stay.activity.as_str()))),
    ]
}

fn nights(world: &World, truths: &[Truth]) -> Columns {
    let rows = || {
        truths.iter().flat_map(|t| t.devices.iter().map(move |judged| (t, &judged.device))).flat_map(
            |(t, device)| {
                let evenings = (device.from.0..=device.until.0).map(Day);
                evenings.map(move |evening| (device, evening, t.life.night(world, evening)))
            },
        )
    };
    vec![
        ("device_id", texts(rows().map(|(device, ..)| &device.text))),
        ("night", days(rows().map(|(_, evening, _)| evening))),
        ("municipality_code", codes(rows().map(|(.., code)| code))),
    ]
}

fn residences(truths: &[Truth]) -> Columns {
    let rows = || devices(truths).flat_map(|(_, at)| at.residences.iter().map(move |r| (&at.device, r)));
    let ids = texts(rows().map(|(device, _)| &device.text));
    [vec![("device_id", ids)], residence_columns(|| rows().map(|(_, residence)| residence))].concat()
}

/// The columns of residences, whoever's they are.
pub(super) fn residence_columns<'t, I: Iterator<Item = &'t Residence>>(rows: impl Fn() -> I) -> Columns {
    vec![
        ("month", texts(rows().map(|r| r.month.to_string()))),
        ("rank", Arc::new(Int16Array::from_iter_values(rows().map(|r| r.rank)))),
        ("municipality_code", codes(rows().map(|r| Some(r.town)))),
        ("regime", texts(rows().map(|r| r.regime))),
        ("nearly_even", flags(rows().map(|r| r.nearly_even))),
    ]
}

fn ties(truths: &[Truth]) -> Columns {
    let rows = || devices(truths).flat_map(|(_, at)| at.ties.iter().map(move |tie| (&at.device, tie)));
    let ids = texts(rows().map(|(device, _)| &device.text));
    [vec![("device_id", ids)], tie_columns(|| rows().map(|(_, tie)| tie))].concat()
}

/// The columns of ties, whoever's they are.
pub(super) fn tie_columns<'t, I: Iterator<Item = &'t Tie>>(rows: impl Fn() -> I) -> Columns {
    vec![
        ("month", texts(rows().map(|tie| tie.month.to_string()))),
        ("municipality_code", codes(rows().map(|tie| Some(tie.town)))),
        ("visits", integers(rows().map(|tie| tie.visits))),
        ("visit_days", integers(rows().map(|tie| tie.visit_days))),
        ("visit_day_class", texts(rows().map(|tie| &tie.visit_day_class))),
        ("nights", integers(rows().map(|tie| tie.nights))),
        ("is_dual_resident", flags(rows().map(|tie| tie.is_dual_resident))),
        ("is_workation", flags(rows().map(|tie| tie.is_workation))),
        ("kind", texts(rows().map(|tie| tie.kind.as_str()))),
    ]
}

fn workplaces(truths: &[Truth]) -> Columns {
    let rows = || {
        devices(truths).flat_map(|(person, at)| at.workplaces.iter().map(move |w| (person, &at.device, w)))
    };
    vec![
        ("person", Arc::new(Int64Array::from_iter_values(rows().map(|(p, ..)| i64::from(p))))),
        ("device_id", texts(rows().map(|(_, device, _)| &device.text))),
        ("month", texts(rows().map(|(.., w)| w.month.to_string()))),
        ("municipality_code", codes(rows().map(|(.., w)| Some(w.town)))),
        ("work_days", integers(rows().map(|(.., w)| w.work_days))),
        ("telework_days", integers(rows().map(|(.., w)| w.telework_days))),
        ("commute_km", Arc::new(Float64Array::from_iter_values(rows().map(|(.., w)| w.commute_km)))),
    ]
}
