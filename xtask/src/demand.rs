//! What each stage takes: core-hours, room and requests, by rates that were measured on small lakes.
//!
//! In: devices, pings a day, months. Out: a [`Stage`] for each of five. Every rate of [`RATES`] says whether it
//! was measured, which makes a straight line of it, follows from the code, or is assumed. Where nobody measured
//! there is no number. Meant are a lake in a bucket, an aggregation a month and upkeep once a day.

/// A number that the plan rests on: its value, its unit, and where it is from.
pub(crate) struct Rate(pub(crate) f64, pub(crate) &'static str, pub(crate) &'static str);

// Pages are those of `docs/en/src`, which name the command that measures each again.
const INGESTED: Rate = Rate(0.83, "million pings a core-second, ingest", "measured: measurements.md");
const PING_BYTES: Rate = Rate(13.3, "bytes a stored ping", "measured: measurements.md");
const COMMIT_SECONDS: Rate = Rate(30.0, "seconds between commits", "default: ingest/config.toml");
const COMMIT_PINGS: Rate = Rate(1.0, "million pings a commit at most", "default: ingest/config.toml");
const COMMIT_DAYS: Rate = Rate(2.0, "days that a commit has pings of, a file each", "assumed");
const COMMIT_PUTS: Rate = Rate(1.02, "PUT a commit, beside its files", "derived: lake/src/commit.rs");
const COMMIT_GETS: Rate = Rate(5.0, "GET a commit", "derived: lake/src/commit.rs");
const PASSES: Rate = Rate(3.0, "times that compaction writes a ping", "derived: lake/src/compact.rs");
const COMPACTED: Rate = Rate(0.83, "million pings a core-second, compaction", "assumed: as ingest");
const REPLACED_DAYS: Rate = Rate(7.0, "days that replaced files stay", "default: kayoi lake maintain");
const GROUP_ROWS: Rate = Rate(0.131_072, "million rows a row group, a GET each", "derived: lake/src/file.rs");
const FILE_GROUPS: Rate = Rate(80.0, "row groups a compacted file", "derived: lake/src/compact.rs");
const BUCKET_MB: Rate = Rate(100.0, "MB of a day in a bucket", "advised: operators.md");
const AGGREGATED: Rate = Rate(0.734, "core-seconds a million pings, aggregate", "measured: measurements.md");
const DERIVED_BYTES: Rate = Rate(55.0, "bytes a device-day in derived tables", "measured: plan.md");
const DERIVED_ROWS: Rate = Rate(3.03, "rows a device-day in derived tables", "measured: plan.md");
const DERIVED_TABLES: Rate = Rate(7.0, "derived tables", "derived: aggregate/src/outputs.rs");
const DERIVED_GROUPS: Rate = Rate(16.0, "row groups a derived file", "derived: lake/src/replace.rs");
const COUNTS: Rate = Rate(46.0, "million counts of a nation", "measured: plan.md");
const RELEASED: Rate = Rate(3.33, "core-seconds a million counts, release", "measured: measurements.md");
const RELEASE_GB: Rate = Rate(0.34, "GB of counts and release", "measured: plan.md");
const RELEASE_PUTS: Rate = Rate(487.0, "files of a release", "measured: plan.md");
const RELEASE_GETS: Rate = Rate(104.0, "GET a release", "derived: 52 files of counts, twice each");

/// All of them.
#[rustfmt::skip]
pub(crate) const RATES: [Rate; 23] = [
    INGESTED, PING_BYTES, COMMIT_SECONDS, COMMIT_PINGS, COMMIT_DAYS, COMMIT_PUTS, COMMIT_GETS, PASSES, COMPACTED,
    REPLACED_DAYS, GROUP_ROWS, FILE_GROUPS, BUCKET_MB, AGGREGATED, DERIVED_BYTES, DERIVED_ROWS, DERIVED_TABLES,
    DERIVED_GROUPS, COUNTS, RELEASED, RELEASE_GB, RELEASE_PUTS, RELEASE_GETS,
];

const MONTH_DAYS: f64 = 365.25 / 12.0;
const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 24.0 * HOUR_S;
/// The most buckets are two to this power.
const MOST_BITS: f64 = 12.0;

/// What is planned for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) devices_millions: f64,
    pub(crate) pings_per_day_millions: f64,
    pub(crate) months: u32,
    pub(crate) keep_pings_days: f64,
    pub(crate) ingest_cores: f64,
    pub(crate) serve_cores: f64,
}

/// What a stage takes in all months; `None` is what nobody measured.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) work_core_hours: Option<f64>,
    /// The cores of a process that is always there, for as long; of a job, its work.
    pub(crate) reserved_core_hours: f64,
    pub(crate) gb_months: Option<f64>,
    pub(crate) puts: Option<f64>,
    pub(crate) gets: Option<f64>,
}

impl Demand {
    /// The stages, in the order in which pings meet them.
    pub(crate) fn stages(&self) -> [Stage; 5] {
        [self.ingest(), self.maintain(), self.aggregate(), self.release(), self.serve()]
    }

    fn ingest(&self) -> Stage {
        let commits = self.days() * self.commits_per_day();
        let core_s = self.days() * self.pings_per_day_millions / INGESTED.0;
        Stage {
            reserved_core_hours: (self.ingest_cores * self.days() * 24.0).max(core_s / HOUR_S),
            gb_months: Some(self.kept_day_months() * self.day_gb()),
            puts: Some(commits * (COMMIT_DAYS.0 + COMMIT_PUTS.0)),
            gets: Some(commits * COMMIT_GETS.0),
            ..job("ingest", core_s)
        }
    }

    /// Files of commits become merged ones, these become the files of buckets, and those are written again a
    /// day later, when the last pings of their day are there. Table `quality` reads each commit.
    fn maintain(&self) -> Stage {
        let landed_files = self.commits_per_day() * COMMIT_DAYS.0;
        let (merged_files, cut_files) = (self.merged_files(), self.cut_files());
        let reads = self.reads(landed_files) + self.reads(merged_files) + self.reads(cut_files);
        let replaced_days = REPLACED_DAYS.0 * PASSES.0;
        Stage {
            gb_months: Some(f64::from(self.months) * replaced_days * self.day_gb()),
            puts: Some(self.days() * (merged_files + 2.0 * cut_files)),
            gets: Some(self.days() * (reads + self.commits_per_day())),
            ..job("maintain", self.days() * self.pings_per_day_millions * PASSES.0 / COMPACTED.0)
        }
    }

    /// A run reads all pings and replaces the derived tables, whose last version stays a while.
    fn aggregate(&self) -> Stage {
        let device_days_millions = self.kept_day_months() * self.devices_millions;
        let full_files = device_days_millions * DERIVED_ROWS.0 / (DERIVED_GROUPS.0 * GROUP_ROWS.0);
        // Each bucket ends a file of each table, and has a note.
        let last_files = f64::from(self.months) * self.buckets() * (DERIVED_TABLES.0 + 1.0);
        let versions = 1.0 + REPLACED_DAYS.0 / MONTH_DAYS;
        Stage {
            gb_months: Some(device_days_millions * DERIVED_BYTES.0 / 1_000.0 * versions),
            puts: Some(full_files + last_files),
            gets: Some(self.kept_day_months() * self.reads(self.cut_files())),
            ..job("aggregate", self.kept_day_months() * self.pings_per_day_millions * AGGREGATED.0)
        }
    }

    /// It reads counts, whose number goes by municipalities and months and not by devices.
    fn release(&self) -> Stage {
        let months = f64::from(self.months);
        Stage {
            gb_months: Some(months * RELEASE_GB.0),
            puts: Some(months * RELEASE_PUTS.0),
            gets: Some(months * RELEASE_GETS.0),
            ..job("release", months * COUNTS.0 * RELEASED.0)
        }
    }

    /// What it takes goes by what readers ask.
    fn serve(&self) -> Stage {
        let reserved_core_hours = self.serve_cores * self.days() * 24.0;
        Stage { name: "serve", reserved_core_hours, ..Stage::default() }
    }

    fn days(&self) -> f64 {
        f64::from(self.months) * MONTH_DAYS
    }

    fn day_gb(&self) -> f64 {
        self.pings_per_day_millions * PING_BYTES.0 / 1_000.0
    }

    /// Days of pings that are there when a month ends, and that its run reads, added up over the months.
    fn kept_day_months(&self) -> f64 {
        (1..=self.months).map(|month| (f64::from(month) * MONTH_DAYS).min(self.keep_pings_days)).sum()
    }

    fn commits_per_day(&self) -> f64 {
        (DAY_S / COMMIT_SECONDS.0).max(self.pings_per_day_millions / COMMIT_PINGS.0)
    }

    /// The power of two that is nearest to the advice.
    fn buckets(&self) -> f64 {
        (self.day_gb() * 1_000.0 / BUCKET_MB.0).log2().round().clamp(0.0, MOST_BITS).exp2()
    }

    /// Files of a day that is merged and not yet cut.
    fn merged_files(&self) -> f64 {
        (self.pings_per_day_millions / (FILE_GROUPS.0 * GROUP_ROWS.0)).ceil()
    }

    /// Files of a day that is cut to buckets.
    fn cut_files(&self) -> f64 {
        self.buckets().max(self.merged_files())
    }

    /// Requests that read a day from so many files: a footer of each, and its row groups.
    fn reads(&self, files: f64) -> f64 {
        files * (1.0 + (self.pings_per_day_millions / files / GROUP_ROWS.0).ceil())
    }
}

/// A job that works and ends.
fn job(name: &'static str, core_s: f64) -> Stage {
    let core_hours = core_s / HOUR_S;
    Stage { name, work_core_hours: Some(core_hours), reserved_core_hours: core_hours, ..Stage::default() }
}

#[cfg(test)]
#[path = "demand_tests.rs"]
mod tests;
