//! A synthetic location feed whose truth is known.
//!
//! In: a [`World`] (how many devices, how many days, which towns, a seed) and the boundaries. Out: files or a
//! Kafka topic of pings as a partner would deliver them, with gaps, noise, lateness, duplicates and broken
//! records; beside it the truth: where everybody was, slept, lives, works, and what ties follow. [`score()`]
//! compares the tables that Kayoi made of the pings with the truth, so that accuracy is a number.
//!
//! Everything is drawn from generators seeded by (seed, person, day, purpose). The output therefore depends
//! on no thread and no order, and nothing but the people and their plans stays in memory.
//!
//! ```no_run
//! use kayoi_simulate::{Format, World, write_world};
//! let geography = kayoi_geography::Geography::simplified()?;
//! let world = World { devices: 3_000, days: 365, ..World::default() };
//! let written = write_world(&world, &geography, "out".as_ref(), Format::Parquet, &mut |_| {})?;
//! assert_eq!(written.records, written.good + written.duplicates + written.malformed_total());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two sorts of lives: plain ones, thirteen kinds whose phones are all seen; and real ones ([`Lives::Real`]), where
//! everybody has a truth and only a panel has phones, where ids are changed any number of times, some have two
//! phones, people work at night, lie in hospital, travel in families and teams and come from abroad.
//!
//! Not simulated: the roads and railways that there are (travel is a straight line, or with [`Ways::Real`] a way of
//! its own), children, people who die or are born, trips abroad, phones that change hands.

mod error;
mod world;
mod format;
mod random;
mod ground;
mod date;
mod land;
mod people;
mod diary;
mod observe;
mod deliver;
mod terminal;
mod stream;
mod truth;
mod write;
mod score;
mod nation;

pub use deliver::Malformed;
pub use error::SimulateError;
pub use format::Format;
pub use nation::{Cells, Detail, Everybody, Figures, NATION_REBOUND, Nation, Panel, Selection};
pub use score::{
    Classes, Confusion, Detection, DualCounts, Estimated, KindOfPerson, Kinds, NightStatus, Nights, Pairs,
    People, Primary, Score, Shown, Stays, Work, score,
};
pub use world::{Lives, Preset, Progress, Society, Ways, World, Written};
pub use write::{send_world, write_world};

#[cfg(test)]
mod toy;
#[cfg(test)]
mod world_tests;
