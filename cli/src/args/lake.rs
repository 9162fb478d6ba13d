//! The options of `lake`.
//!
//! In: arguments and environment. Out: typed options. Identifiers of people come from a file only: a command
//! line stands in the shell's history and in the list of processes.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kayoi_lake::Buckets;
use kayoi_lake::maintain::LEAST_VACUUM_HOURS;

use super::{KeyOption, LakeOption, RecordOptions};

const RUNS_HELP: &str = "Measures, in table `runs` and in --json:
  success              1 when the run ended well, 0 when it failed
  seconds              how long it took
  pings_read           rows of pings that were read
  bytes_read           bytes that were read from the store
  get_requests         requests for a file of the store or a part of one
  head_requests        questions whether a file is there
  put_requests         requests that wrote a whole file
  part_requests        requests of uploads in parts, which files over 128 MiB are: begin, parts, end
  copy_requests        requests that copied a file inside the store
  list_requests        requests that listed files, 1,000 at a time
  delete_requests      files that were deleted
  buckets_measured     buckets of devices that the run measured
  buckets_taken_over   buckets that another process, or a run before it, had measured
  buckets_failed       buckets that it began and did not finish
  release_revision     number of the newest release
  release_published    when that was made, seconds since 1970
  newest_month         first second of its newest final month in Japan, since 1970
  withheld_share       part of its rows without a value of their own, 0 to 1; months not computed are left out

Of a run with --cluster, too:
  buckets_submitted_again  times that a bucket was handed out again, because no note of it had come
  executors                executors that answered

A run that was killed has no row. With --metrics-file the same goes to Prometheus.";

#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  kayoi lake info --lake lake                  tables, sizes, positions, newest day of each partner
  kayoi lake maintain --lake lake              what a timer runs once a day
  kayoi lake maintain --lake lake --keep-pings-days 400
  kayoi lake buckets 8 --lake lake             for 8 processes of `kayoi aggregate --bucket K/8`
  kayoi lake forget --lake lake --id-file ids.txt --receipt receipt.json
  cat ids.txt | kayoi lake forget --lake lake --id-file - --json
  kayoi lake forget --lake lake --kafka localhost:9092 --topic optouts --receipt receipt.json

One job that rewrites files runs at a time: it holds a lease in the lake. Ingest goes on meanwhile.")]
pub(crate) struct LakeCommandOptions {
    #[command(subcommand)]
    pub(crate) command: LakeCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Say what the lake holds: tables, files, sizes, rows, versions, days, positions
    Info {
        #[command(flatten)]
        lake: LakeOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Merge the small files of pings into few sorted ones, each fix once
    Compact {
        #[command(flatten)]
        lake: LakeOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say into how many buckets of devices the lake is cut, or cut it into another number
    ///
    /// A bucket is what one process of `kayoi aggregate --bucket` measures, and what `forget` opens. One is enough
    /// for a town; a nation needs 128, so that a bucket's pings of a day are some 100 MB. The number is a power of
    /// two up to 4096; all pings are rewritten, which changes no row of them.
    Buckets {
        /// The new number
        #[arg(value_name = "N", value_parser = buckets)]
        count: Option<Buckets>,
        #[command(flatten)]
        lake: LakeOption,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete files that no table names any more
    Vacuum {
        #[command(flatten)]
        lake: LakeOption,
        /// Only files that have been out of their table for this long
        #[arg(long, default_value_t = DEFAULT_VACUUM_HOURS, value_name = "HOURS",
            value_parser = clap::value_parser!(u32).range(i64::from(LEAST_VACUUM_HOURS)..))]
        hours: u32,
        /// Only count them
        #[arg(long)]
        dry_run: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove every row of people who asked for it, and write a receipt
    Forget(LakeForgetOptions),
    /// What aggregations and upkeep have run, how it went, and what each measured
    #[command(after_long_help = RUNS_HELP)]
    Runs {
        #[command(flatten)]
        lake: LakeOption,
        /// As many of them, the newest
        #[arg(long, default_value_t = 20, value_name = "N")]
        last: usize,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// All upkeep in one job: quality, retention if asked for, compact, vacuum, logs
    Maintain {
        #[command(flatten)]
        lake: LakeOption,
        /// Take pings out of the lake but for this many local days, today included
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        keep_pings_days: Option<u32>,
        #[command(flatten)]
        record: RecordOptions,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

fn buckets(text: &str) -> Result<Buckets, String> {
    text.parse().ok().and_then(Buckets::new).ok_or_else(|| "a power of two from 1 to 4096".to_owned())
}

/// A week: longer than any query or aggregation that may still read a file.
pub(crate) const DEFAULT_VACUUM_HOURS: u32 = 168;

#[derive(Debug, Args)]
pub(crate) struct LakeForgetOptions {
    #[command(flatten)]
    pub(crate) lake: LakeOption,
    #[command(flatten)]
    pub(crate) key: KeyOption,
    /// Identifiers as the partner writes them, one a line; `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "topic", conflicts_with = "topic")]
    pub(crate) id_file: Option<PathBuf>,
    /// A topic of identifiers, one a record: read from where the last run stopped to the topic's end
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Kafka brokers of the topic, host:port, comma-separated
    #[arg(long, value_name = "BROKERS", requires = "topic", required_unless_present_any = ["id_file", "config"])]
    pub(crate) kafka: Option<String>,
    /// Configuration of an ingest, for its `[kafka]` section: brokers, TLS, SASL
    #[arg(long, value_name = "FILE", requires = "topic", conflicts_with = "kafka")]
    pub(crate) config: Option<PathBuf>,
    /// The name in the topic's records for `device_id`, when they are objects
    #[arg(long, value_name = "THEIRS=OURS", requires = "topic")]
    pub(crate) map: Vec<String>,
    /// Name of this reading; the topic's positions are kept per job
    #[arg(long, default_value = "forget")]
    pub(crate) job: String,
    /// New file for the receipt, JSON without any identifier
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,
    /// Print the receipt
    #[arg(long)]
    pub(crate) json: bool,
}
