//! The feed as files or as a Kafka topic.
//!
//! In: the records of each delivery day. Out: one file a day, `pings/2025-04-01.parquet`, or JSON messages; those of
//! a second partner in `pings-2`, or in the same topic; beside them the truth and `truth/summary.json`. Files are encoded by their own thread while the next day
//! is walked.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use kayoi_geography::Geography;
use kayoi_schemas::time::Day;

use crate::deliver::{Delivery, Record};
use crate::error::SimulateError;
use crate::format::Format;
use crate::ground::Ground;
use crate::land::Land;
use crate::people::carried::Carried;
use crate::people::{Person, people};
use crate::stream::stream;
use crate::truth;
use crate::world::{Lives, Progress, World, Written};

mod columns;
mod fields;
mod json;
mod kafka;
mod population;

pub use kafka::send_world;

/// Writes `out_dir/pings/*`, one file per delivery day, and `out_dir/truth/*`.
///
/// # Errors
/// [`SimulateError`] for an impossible world, a folder that already holds pings, or a file that cannot be
/// written.
pub fn write_world(
    world: &World,
    geography: &Geography,
    out_dir: &Path,
    format: Format,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, SimulateError> {
    write_on(world, geography, out_dir, format, progress)
}

/// [`write_world`] on any ground.
pub(crate) fn write_on(
    world: &World,
    ground: &dyn Ground,
    out_dir: &Path,
    format: Format,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, SimulateError> {
    world.check()?;
    let land = Land::new(world, ground)?;
    let pings = empty_folder(out_dir.join("pings"))?;
    let has_second = world.lives == Lives::Real && world.society.partners > 1;
    let second = if has_second { Some(empty_folder(out_dir.join("pings-2"))?) } else { None };
    let people = people(world, &land)?;
    let delivery = Delivery::new(world.preset, format);
    let files = DayFiles { world, people: &people, folder: &pings, second: second.as_deref(), format };
    let written = std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<(Day, Vec<Record>)>(1);
        let writer = scope.spawn(move || files.write_all(receiver));
        let mut sink = |day, records| {
            // A writer that failed has hung up; its own error is the one to tell.
            sender.send((day, records)).map_err(|_| stopped(&pings))
        };
        let streamed = stream(world, &land, &people, &delivery, &mut sink, progress);
        drop(sender);
        writer.join().map_err(|_| stopped(&pings))??;
        streamed
    })?;
    write_truth(world, &land, &people, &out_dir.join("truth"), &written)?;
    Ok(written)
}

fn write_truth(
    world: &World,
    land: &Land,
    people: &[Person],
    folder: &Path,
    written: &Written,
) -> Result<(), SimulateError> {
    std::fs::create_dir_all(folder).map_err(SimulateError::io(folder))?;
    truth::write(world, land, people, folder)?;
    if world.lives == Lives::Real {
        population::write(world, land, people, &folder.join("population.csv"))?;
    }
    let path = folder.join("summary.json");
    let file = File::create(&path).map_err(SimulateError::io(&path))?;
    serde_json::to_writer_pretty(file, written)
        .map_err(|source| SimulateError::Summary { file: path.display().to_string(), source })
}

fn stopped(folder: &Path) -> SimulateError {
    SimulateError::WriterStopped(folder.display().to_string())
}

fn empty_folder(folder: PathBuf) -> Result<PathBuf, SimulateError> {
    std::fs::create_dir_all(&folder).map_err(SimulateError::io(&folder))?;
    let mut entries = std::fs::read_dir(&folder).map_err(SimulateError::io(&folder))?;
    if entries.next().is_some() { Err(SimulateError::NotEmpty { path: folder }) } else { Ok(folder) }
}

/// The files of the delivery days.
struct DayFiles<'w> {
    world: &'w World,
    people: &'w [Person],
    folder: &'w Path,
    /// Of the second partner.
    second: Option<&'w Path>,
    format: Format,
}

impl DayFiles<'_> {
    fn write_all(&self, days: Receiver<(Day, Vec<Record>)>) -> Result<(), SimulateError> {
        let senders = fields::Senders::new(self.world, self.people);
        for (day, mut records) in days {
            if let Some(second) = self.second {
                let is_of_second = |record: &Record| Carried::is_of_second_partner(record.phone);
                let (of_second, of_first) = records.into_iter().partition(is_of_second);
                records = of_first;
                self.write(second, &senders, day, &of_second)?;
            }
            self.write(self.folder, &senders, day, &records)?;
        }
        Ok(())
    }

    fn write(
        &self,
        folder: &Path,
        senders: &fields::Senders,
        day: Day,
        records: &[Record],
    ) -> Result<(), SimulateError> {
        let path = folder.join(format!("{day}.{}", self.format.extension()));
        match self.format {
            Format::Ndjson => json::write_file(&path, senders, records),
            Format::Avro => columns::write_avro(&path, self.world.seed, day, senders, records),
            Format::Parquet => columns::write_parquet(&path, senders, records),
        }
    }
}
