//! The small tables: `[lake]`, `[places]`, `[registry]`, `[commit]`, `[memory]`, `[event_time]`, `[metrics]`.

use std::net::SocketAddr;
use std::path::PathBuf;

use kayoi_settings::{ByteSize, HumanDuration, value};
use serde::{Deserialize, Serialize};

/// Where pings go and how they are placed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LakeConfig {
    /// Folder, or `s3://bucket/prefix`. Everybody sets it.
    pub url: String,
    /// Secret key for pseudonyms; beside the lake's folder when absent. For keys from a secret store, and for
    /// lakes in a bucket, which have no "beside".
    pub key_file: Option<PathBuf>,
    /// Boundary file made by `kayoi boundaries import`; simplified borders of Japan when absent. For all but
    /// a try.
    pub boundaries: Option<PathBuf>,
    /// How far from the coast a point still counts for the nearest municipality, 0 to 5000 m; 0: never. For
    /// feeds with many ships or wide tidal flats.
    #[serde(deserialize_with = "value::metres")]
    pub coast_m: f64,
}

impl Default for LakeConfig {
    fn default() -> Self {
        Self { url: "kayoi-lake".to_owned(), key_file: None, boundaries: None, coast_m: 500.0 }
    }
}

/// Places that an operator names.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlacesConfig {
    /// List of places, CSV or GeoJSON, whose pings are dropped before anything of them is stored, and counted. For
    /// places that tell of health, faith or distress.
    pub sensitive: Option<PathBuf>,
}

/// Where schemas of framed records are asked for.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistryConfig {
    /// `http://` or `https://`, comma-separated: tried in turn. No framed records can be read without it.
    pub url: Option<String>,
    /// Who asks, for registries with a login.
    pub username: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Longest wait for an answer. Higher for a registry far away; reading stands still meanwhile.
    pub timeout: HumanDuration,
}

impl Default for RegistryConfig {
    fn default() -> Self {
        Self { url: None, username: None, password_file: None, timeout: HumanDuration::from_secs(10) }
    }
}

/// When waiting rows are committed: whichever comes first.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CommitConfig {
    /// Rows. Lower on small machines: a million takes about 60 MB.
    #[serde(deserialize_with = "value::count")]
    pub rows: usize,
    /// Age of the oldest waiting row; `0s`: at once. Lower: figures are fresher; higher: fewer and larger
    /// files.
    pub after: HumanDuration,
}

impl Default for CommitConfig {
    fn default() -> Self {
        Self { rows: 1_000_000, after: HumanDuration::from_secs(30) }
    }
}

/// What may wait in memory.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryConfig {
    /// Records that were read from Kafka and are not yet decoded; beyond it partitions are paused. Lower on
    /// small machines, higher when the lake answers in bursts.
    pub queue: ByteSize,
}

impl Default for MemoryConfig {
    fn default() -> Self {
        Self { queue: ByteSize::from_mebibytes(128) }
    }
}

/// What the time of a fix decides.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventTimeConfig {
    /// How old a fix may be when it arrives; nothing is too late when absent. For whoever has closed months
    /// that must not change.
    pub allowed_lateness: Option<HumanDuration>,
}

/// Where the process tells how it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Address to serve metrics and health on; no listener when absent. Another address than the loopback
    /// opens it to the network.
    #[serde(deserialize_with = "value::address")]
    pub listen: Option<SocketAddr>,
}
