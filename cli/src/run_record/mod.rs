//! What a run leaves behind for whoever operates a lake: rows of table `runs`, and a file of metrics.
//!
//! In: a run, and the figures that it notes as it goes. Out: one commit to `runs`, and the file, for runs that end well
//! and for those that fail. Neither is worth losing a run for: when one cannot be written, a warning says so. A run that
//! was killed leaves nothing, which its age tells: alerts ask when the last one ended well. `kayoi lake runs --help` says
//! what each figure is.

mod metrics;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use kayoi_lake::{Lake, Manifest, Run};
use kayoi_schemas::time::{Clock, Month};

/// A step of the walk that is run as a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Aggregate,
    Bucket,
    Finish,
    Maintain,
}

impl Step {
    fn as_str(self) -> &'static str {
        match self {
            Self::Aggregate => "aggregate",
            Self::Bucket => "bucket",
            Self::Finish => "finish",
            Self::Maintain => "maintain",
        }
    }
}

/// Figures of a run, by measure.
pub(crate) type Figures = BTreeMap<&'static str, f64>;

/// Runs `work`, which notes its figures, and records how it went.
///
/// # Errors
/// Those of `work`.
pub(crate) fn recorded(
    step: Step,
    lake: &Lake,
    metrics_file: Option<&Path>,
    work: impl FnOnce(&mut Figures) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (begun, started) = (Instant::now(), Clock::System.now());
    let mut figures = Figures::new();
    let result = work(&mut figures);
    figures.insert("success", if result.is_ok() { 1.0 } else { 0.0 });
    figures.insert("seconds", begun.elapsed().as_secs_f64());
    let traffic = lake.location().traffic();
    figures.insert("bytes_read", traffic.read_bytes as f64);
    figures.extend(traffic.requests().map(|(measure, requests)| (measure, requests as f64)));
    let release = lake.newest_release().ok().flatten().map(|release| with_shares(lake, release));
    if let (Some(release), true) = (&release, step != Step::Bucket) {
        release_figures(release, &mut figures);
    }
    let run = Run {
        run_id: uuid::Uuid::new_v4().to_string(),
        step: step.as_str().to_owned(),
        started,
        measures: figures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
    };
    if let Err(error) = lake.record_run(&run) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the run is not in table `runs`");
    }
    if let Some(file) = metrics_file {
        let text = metrics::exposition(&run, Clock::System.now().0 / 1000, release.as_ref());
        if let Err(error) = text.and_then(|text| metrics::write(file, &text)) {
            tracing::warn!("{error:#}");
        }
    }
    result
}

/// A release that tells what its rows are: most runs of a real series find every month as it was and make none, and then
/// what the newest release before says still stands.
fn with_shares(lake: &Lake, mut release: Manifest) -> Manifest {
    if withheld(&release).is_empty() {
        let writer = lake.release_writer();
        let before = writer.revisions().unwrap_or_default().into_iter().rev();
        let manifests = before.filter_map(|revision| {
            let (bytes, _) = writer.signed(revision).ok().flatten()?;
            serde_json::from_slice::<Manifest>(&bytes).ok()
        });
        let is_of_series = |other: &Manifest| other.series == release.series && !withheld(other).is_empty();
        release.shown = manifests.into_iter().find(is_of_series).map(|other| other.shown).unwrap_or_default();
    }
    release
}

fn release_figures(release: &Manifest, figures: &mut Figures) {
    figures.insert("release_revision", release.revision as f64);
    if let Some(published) = release.made_at_s() {
        figures.insert("release_published", published as f64);
    }
    if let Some(newest) = newest_month(release) {
        figures.insert("newest_month", newest as f64);
    }
    let (withheld, all) = withheld(release).values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
    if all > 0 {
        figures.insert("withheld_share", withheld as f64 / all as f64);
    }
}

/// The first second of a release's newest final month in Japan, since 1970. Months that are not computed yet stand in a release
/// too, and move on whether anything is measured or not; a trial has no final month, and shows its last one.
fn newest_month(release: &Manifest) -> Option<i64> {
    let newest = release.sealed.keys().next_back().or(release.provisional.keys().next_back());
    let newest = newest.or(release.months.as_ref().map(|(_, last)| last))?;
    Some(i64::from(Month::parse(newest)?.first_day().0) * 86_400 - 9 * 3600)
}

/// Rows without a value of their own, and all rows, by table. Months that are not computed hide nothing.
fn withheld(release: &Manifest) -> BTreeMap<&str, (u64, u64)> {
    let mut tables = BTreeMap::new();
    for (table, levels) in &release.shown {
        let of: &mut (u64, u64) = tables.entry(table.as_str()).or_default();
        for (status, rows) in levels.values().flatten() {
            match status.as_str() {
                "not_computed" => {}
                "published" | "provisional" => of.1 += rows,
                _ => *of = (of.0 + rows, of.1 + rows),
            }
        }
    }
    tables.retain(|_, of| of.1 > 0);
    tables
}
