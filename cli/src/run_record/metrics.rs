//! The metrics of a run as a file.
//!
//! In: a run, and the newest release. Out: text in Prometheus' format, in a file that is replaced whole. Names stand in
//! `deploy/metrics-jobs-and-server.txt`.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use anyhow::Context;
use kayoi_lake::{Manifest, Run};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{newest_month, withheld};

type Labels = Vec<(&'static str, String)>;

/// What a run on a cluster measures besides: the measure, its metric, and what it says.
const CLUSTER: [(&str, &str, &str); 2] = [
    (
        "buckets_submitted_again",
        "kayoi_cluster_buckets_submitted_again",
        "Times that the last run handed out a bucket again",
    ),
    ("executors", "kayoi_cluster_executors", "Executors that answered the last run"),
];

/// The text of the metrics.
pub(super) fn exposition(run: &Run, ended_s: i64, release: Option<&Manifest>) -> anyhow::Result<String> {
    type ByLabel = Family<Labels, Gauge<f64, AtomicU64>>;
    let mut registry = Registry::default();
    let mut tell = |name: &str, help: &str, values: Vec<(Labels, f64)>| {
        let family = ByLabel::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        registry.register(name, help, family);
    };
    let step = || vec![("step", run.step.clone())];
    let of = |measure: &str| run.measures.get(measure).copied();
    let one = |value: f64| vec![(step(), value)];
    tell(
        "kayoi_run_success",
        "1 when the last run ended well, 0 when it failed",
        one(of("success").unwrap_or(0.0)),
    );
    tell(
        "kayoi_run_started_seconds",
        "When the last run began, seconds since 1970",
        one((run.started.0 / 1000) as f64),
    );
    tell("kayoi_run_ended_seconds", "When the last run ended, seconds since 1970", one(ended_s as f64));
    tell("kayoi_run_seconds", "How long the last run took, seconds", one(of("seconds").unwrap_or(0.0)));
    if let Some(pings) = of("pings_read") {
        tell("kayoi_run_pings_read", "Rows of pings that the last run read", one(pings));
    }
    tell(
        "kayoi_run_bytes_read",
        "Bytes that the last run read from the store",
        one(of("bytes_read").unwrap_or(0.0)),
    );
    let requests = run.measures.iter().filter_map(|(measure, value)| {
        let kind = measure.strip_suffix("_requests")?;
        Some((vec![("step", run.step.clone()), ("kind", kind.to_owned())], *value))
    });
    tell("kayoi_run_store_requests", "Requests of the last run to the store, by kind", requests.collect());
    let outcomes = ["measured", "taken_over", "failed"].into_iter().filter_map(|outcome| {
        let value = of(&format!("buckets_{outcome}"))?;
        Some((vec![("step", run.step.clone()), ("outcome", outcome.to_owned())], value))
    });
    let outcomes: Vec<_> = outcomes.collect();
    if !outcomes.is_empty() {
        tell("kayoi_run_buckets", "Buckets of devices of the last run, by outcome", outcomes);
    }
    for (measure, name, help) in CLUSTER {
        if let Some(value) = of(measure) {
            tell(name, help, one(value));
        }
    }
    if let Some(release) = release {
        let plain = |value: f64| vec![(Vec::new(), value)];
        tell("kayoi_release_revision", "Number of the newest release", plain(release.revision as f64));
        if let Some(published) = release.made_at_s() {
            tell(
                "kayoi_release_published_seconds",
                "When it was made, seconds since 1970",
                plain(published as f64),
            );
        }
        if let Some(newest) = newest_month(release) {
            tell(
                "kayoi_release_newest_month_seconds",
                "First second of its newest final month in Japan, since 1970",
                plain(newest as f64),
            );
        }
        let shares = withheld(release).into_iter().map(|(table, (withheld, all))| {
            (vec![("table", table.to_owned())], withheld as f64 / all as f64)
        });
        tell(
            "kayoi_release_withheld_share",
            "Part of the rows of a table without a value of their own, 0 to 1",
            shares.collect(),
        );
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

/// Puts the text in the place of the file, whole: a collector reads at any time.
pub(super) fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let told = || {
        format!(
            "cannot write the metrics `{}`\nhint: name a file in a folder that this user may write with --metrics-file",
            file.display()
        )
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut part = tempfile::Builder::new().prefix(".kayoi-").tempfile_in(folder).with_context(told)?;
    part.write_all(text.as_bytes()).with_context(told)?;
    // Others read it: the collector is another user.
    let mode = PermissionsExt::from_mode(0o644);
    part.as_file().set_permissions(mode).with_context(told)?;
    part.persist(file).with_context(told)?;
    Ok(())
}
