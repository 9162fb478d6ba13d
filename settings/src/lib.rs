//! A TOML file and the environment → typed settings, or an error that names the line.
//!
//! In: the text of a file, the variables of the process, and structs with defaults. Out: those structs,
//! filled and checked, or a [`SettingsError`] that says which key is wrong, where it stands, what is allowed
//! and what to write instead. What the keys mean is the affair of the crate that owns the structs: it puts
//! rules between values on top, and refuses with [`Document::wrong`], [`Document::missing`] and
//! [`Document::no_effect`].
//!
//! What is set twice is decided by: environment over file over default. Modules stand in the order a file
//! meets them.
//!
//! **Why not a library.** figment, the nearest, merges sources and knows which one a value came from, but not
//! the line in it. Unknown keys it leaves to serde, which lists every key of the table instead of the nearest
//! one, or of the table where the key belongs. serde_path_to_error gives the path of a wrong value, and
//! neither lines nor variables. Both repeat the wrong value in their errors, which may be a password that
//! stands where its file belongs.
//!
//! Another crate uses it like this:
//!
//! ```
//! use std::path::PathBuf;
//!
//! use kayoi_settings::{Document, HumanDuration, Keys, SettingsError, Shape, keys};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Doors {
//!     /// Longest time for an answer.
//!     timeout: HumanDuration,
//!     /// Who may ask.
//!     role: Vec<Role>,
//! }
//!
//! #[derive(Debug, Default, Deserialize, Serialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Role {
//!     name: String,
//!     token_file: Option<PathBuf>,
//! }
//!
//! impl Default for Doors {
//!     fn default() -> Self {
//!         Self { timeout: HumanDuration::from_secs(30), role: Vec::new() }
//!     }
//! }
//!
//! /// The names of keys come from the structs; only what is a table has to be said.
//! fn known() -> Keys {
//!     keys::<Doors>(vec![("role", Shape::List(keys::<Role>(vec![])))])
//! }
//!
//! fn read(text: &str, variables: &[(&str, &str)]) -> Result<Doors, SettingsError> {
//!     let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
//!     let mut document = Document::read(text, "doors.toml", known())?;
//!     document.take_environment("KAYOI_DOORS__", variables)?;
//!     let doors: Doors = document.typed()?;
//!     if doors.timeout.as_millis() == 0 {
//!         return Err(document.wrong("timeout", doors.timeout, "more than 0"));
//!     }
//!     Ok(doors)
//! }
//!
//! let text = "timeout = \"5s\"\n[[role]]\nname = \"analyst\"\n";
//! let doors = read(text, &[("KAYOI_DOORS__ROLE__0__NAME", "auditor")])?;
//! assert_eq!((doors.timeout.to_string(), doors.role[0].name.as_str()), ("5s".to_owned(), "auditor"));
//!
//! let error = |text| read(text, &[]).unwrap_err().to_string();
//! assert_eq!(
//!     error("[[role]]\ntoken = \"hunter2\""),
//!     "unknown key `token` in [[role]] number 0 (doors.toml line 2)\nhint: did you mean `token_file`?"
//! );
//! assert_eq!(error("\ntimeout = \"0s\""), "`timeout` is `0s` (doors.toml line 2): it must be more than 0");
//! # Ok::<(), SettingsError>(())
//! ```

mod error;
mod shape;
mod document;
mod unknown;
mod environment;
pub mod value;
mod unit;
mod duration;
mod size;
mod secret;

pub use document::{Document, to_toml};
pub use duration::HumanDuration;
pub use error::{Place, SettingsError};
pub use secret::{Secret, secret};
pub use shape::{Keys, Kind, Shape, keys, value_paths};
pub use size::ByteSize;
pub use unknown::nearest;

#[cfg(test)]
mod sample;
