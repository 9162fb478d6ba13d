//! `kayoi health`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi health                                       whether the server of this machine can answer
  kayoi health http://127.0.0.1:8080/health/live     whether it lives
  kayoi health http://127.0.0.1:9095/health/ready    the same of an ingest, at its metrics.listen
  kayoi health https://kayoi.example.jp/health/ready --ca ca.pem

Exit code 0 when the address answers 200 OK, 1 when it says something else or nothing. It is for probes of containers
that have no shell. A certificate is not asked for its name where the address is of this machine.")]
pub(crate) struct HealthOptions {
    /// The address to ask
    #[arg(default_value = "http://127.0.0.1:8080/health/ready", value_name = "URL")]
    pub(crate) url: String,
    /// Certificates that vouch for the server, a PEM file; without it those of the system
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// How long to wait for an answer
    #[arg(long, default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) seconds: u64,
}
