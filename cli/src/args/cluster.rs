//! `kayoi cluster`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{GeographyOption, LakeOption};

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi lake buckets 128 --lake s3://bucket/lake
  kayoi cluster scheduler --host 0.0.0.0 --called scheduler.internal
  kayoi cluster executor --scheduler scheduler.internal:50050 --lake s3://bucket/lake --work-dir /var/tmp/kayoi
  kayoi aggregate --cluster http://scheduler.internal:50050 --lake s3://bucket/lake
  kayoi cluster scheduler --tls-cert scheduler.crt --tls-key scheduler.key --tls-ca cluster-ca.crt
                                               TLS both ways: executors have certificates too, and the driver
                                               (--cluster https://…, --cluster-tls-cert, --cluster-tls-key, --cluster-tls-ca)

The lake, the borders and the credentials of an executor are its own; the plan names buckets alone. With certificates only
those of the same authority get in. Without, whoever reaches these ports can have buckets measured: keep them in a network of
their own. The bytes of the tables and of the release are those of one machine.")]
pub(crate) struct ClusterOptions {
    #[command(subcommand)]
    pub(crate) command: ClusterCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClusterCommand {
    /// Hand out buckets to executors
    Scheduler(SchedulerCommand),
    /// Measure buckets
    Executor(ExecutorCommand),
}

#[derive(Debug, Args)]
pub(crate) struct SchedulerCommand {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// Port to listen on
    #[arg(long, default_value_t = 50050)]
    pub(crate) port: u16,
    /// Name by which executors call this machine [default: the address]
    #[arg(long, value_name = "NAME")]
    pub(crate) called: Option<String>,
    #[command(flatten)]
    pub(crate) tls: ClusterTlsOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ExecutorCommand {
    /// Host and port of the scheduler
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050", value_parser = host_and_port)]
    pub(crate) scheduler: (String, u16),
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// Name by which driver and scheduler call this machine, one of its certificate [default: the address]
    #[arg(long, value_name = "NAME")]
    pub(crate) called: Option<String>,
    /// Port of rows
    #[arg(long, default_value_t = 50051)]
    pub(crate) port: u16,
    /// Port of commands; with TLS there is none
    #[arg(long, default_value_t = 50052)]
    pub(crate) grpc_port: u16,
    /// Buckets measured at once, each with --piece-pings in memory [default: the cores of this machine]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) tasks: Option<u16>,
    /// Folder of its own for rows that wait for the driver
    #[arg(long, value_name = "DIR", default_value = "/var/tmp/kayoi-executor")]
    pub(crate) work_dir: PathBuf,
    /// Pings in memory at a time, for each bucket
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) piece_pings: u64,
    /// Places such as satellite offices, as the driver has them
    #[arg(long, value_name = "FILE")]
    pub(crate) offices: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tls: ClusterTlsOptions,
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) geography: GeographyOption,
}

/// The certificates of a process of a cluster: all three, or none.
#[derive(Debug, Args)]
pub(crate) struct ClusterTlsOptions {
    /// Certificate of this process for TLS both ways, a PEM file with those that signed it after its own
    #[arg(long, value_name = "FILE", requires = "tls_key", requires = "tls_ca")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of the certificate, a PEM file without a password
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Authority that signed the certificates of all processes of the cluster, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_ca: Option<PathBuf>,
}

fn host_and_port(text: &str) -> Result<(String, u16), String> {
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
    parts
        .filter(|(host, _): &(String, u16)| !host.is_empty())
        .ok_or_else(|| "write it as scheduler.internal:50050".to_owned())
}
