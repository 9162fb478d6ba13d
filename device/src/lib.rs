//! What does one device's history say?
//!
//! In: the fixes of one device, by time. Out: its [`DeviceRecord`]: stays, nights, residences, workplaces and
//! ties. Every step is a pure function of the device and of what [`Measure`] holds; nothing here reads a
//! file, asks a clock, starts a thread or looks up a constant of the country, so the same code runs in a test
//! with a dozen fixes, on one machine and on many.
//!
//! Modules stand in the order data meets them.

mod fix;
mod slot;
mod person;
mod tenure;
mod period;
pub mod window;
mod motion;
pub mod stays;
mod settled;
mod spots;
mod way;
mod night_work;
pub mod nights;
mod presence;
pub mod residences;
mod abroad;
mod panel;
mod beds;
mod track;
mod stood;
mod work;
mod desk;
mod long_stay;
mod kind;
mod reach;
mod excluded;
mod ties;
mod sleep;
mod visits;
mod whereabouts;
mod measure;

pub use excluded::Excluded;
pub use fix::Fix;
pub use measure::{DeviceRecord, Measure, measured};
pub use panel::PanelMonth;
pub use period::Period;
pub use person::Person;
pub use settled::CompletedStay;
pub use ties::Tie;
pub use track::DayWays;
pub use visits::{Pattern, Visit, VisitorDay};
pub use whereabouts::{CellShare, HourShare, TimeBand, Whereabouts};
pub use work::Workplace;
