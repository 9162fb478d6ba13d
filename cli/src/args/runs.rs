//! What a run leaves behind for whoever watches it.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "For whoever watches it")]
pub(crate) struct RecordOptions {
    /// File of metrics to write at the end, for the textfile collector of Prometheus' node_exporter: NAME.prom
    #[arg(long, env = "KAYOI_METRICS_FILE", value_name = "FILE")]
    pub(crate) metrics_file: Option<PathBuf>,
}
