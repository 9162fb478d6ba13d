//! Where a ping is: its H3 cell and its municipality.
//!
//! In: latitude and longitude. Out: a [`Place`], by exact point-in-polygon on the official boundaries (N03
//! 行政区域データ), because simplified borders put 0.8 % of them into another municipality and a cell's
//! centre is worse still. An operator imports N03 once into a compact boundary file; without one the
//! [`simplified`] borders serve demonstrations and say so.
//!
//! ```
//! let geography = kayoi_geography::Geography::simplified()?;
//! let place = geography.place(26.2124, 127.6792);
//! assert_eq!(place.municipality.map(|code| code.to_string()).as_deref(), Some("47201"));
//! # Ok::<(), kayoi_geography::GeographyError>(())
//! ```

pub mod error;
pub mod municipality;
pub mod history;
pub mod region;
pub mod import;
pub mod boundaries;
pub mod cell;
pub mod mesh;
pub mod index;
pub mod simplified;
pub mod file;
pub mod place;
pub mod outline;
pub mod neighbours;
pub mod offices;
pub mod ports;
pub mod population;
pub mod car_shares;

pub use car_shares::{CarShare, CarShares, CarSharesError};
pub use error::GeographyError;
pub use history::{CodeDate, CodeHistory};
pub use municipality::{Municipality, Register};
pub use neighbours::Neighbours;
pub use offices::{Fence, OfficeIndex, Offices, OfficesError};
pub use place::{Geography, Info, Place};
pub use population::Population;
pub use ports::PortsOfEntry;
pub use region::Region;

/// The credit that every figure or outline derived from N03 must show.
pub const N03_CREDIT: &str = "「国土数値情報(行政区域データ)」(国土交通省)を加工して作成";
