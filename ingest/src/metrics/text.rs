//! Numbers → Prometheus' text format, version 0.0.4.
//!
//! In: values by metric and labels. Out: text. It is written here because it is two dozen lines: the client
//! library would bring a registry whose every call can fail.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::families::{Family, Kind};

/// Values of one metric by its labels' values, in the order of [`Family::labels`].
pub(super) type Series = BTreeMap<Vec<String>, f64>;

/// Upper bounds of the time a commit takes, seconds: a folder answers in tenths, a bucket that is away in minutes.
const BOUNDS_S: [f64; 11] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0];

/// Observations by upper bound.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    counts: [u64; BOUNDS_S.len()],
    count: u64,
    sum: f64,
}

impl Histogram {
    pub fn observe(&mut self, value: f64) {
        for (bound, count) in BOUNDS_S.iter().zip(&mut self.counts) {
            *count += u64::from(value <= *bound);
        }
        self.count += 1;
        self.sum += value;
    }

    /// Appends the metric to an exposition.
    pub fn write(&self, family: &Family, text: &mut String) {
        write_head(family, text);
        let name = family.name;
        // Writing to a String cannot fail, here and below.
        for (bound, count) in BOUNDS_S.iter().zip(&self.counts) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {count}");
        }
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {}", self.count);
        let _ = writeln!(text, "{name}_sum {}\n{name}_count {}", self.sum, self.count);
    }
}

/// Appends a metric to an exposition. One without labels is 0 before it is touched, so that its first step shows.
pub(super) fn write_family(family: &Family, series: Option<&Series>, text: &mut String) {
    write_head(family, text);
    let name = family.name;
    if family.labels.is_empty() {
        let value = series.and_then(|series| series.values().next()).copied().unwrap_or_default();
        let _ = writeln!(text, "{name} {value}");
        return;
    }
    for (values, value) in series.into_iter().flatten() {
        let labels: Vec<String> = family
            .labels
            .iter()
            .zip(values)
            .map(|(label, value)| format!("{label}=\"{}\"", escape(value)))
            .collect();
        let _ = writeln!(text, "{name}{{{}}} {value}", labels.join(","));
    }
}

fn write_head(family: &Family, text: &mut String) {
    let Family { name, kind, help, .. } = family;
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {}", kind.as_str());
}

/// One line of the list for people: name, labels, kind and meaning.
pub(super) fn describe(family: &Family) -> String {
    let labels = match family.labels {
        [] => String::new(),
        labels => format!("{{{}}}", labels.join(",")),
    };
    let unit = if family.kind == Kind::Histogram { ", seconds" } else { "" };
    format!("{}{labels} {}{unit}: {}", family.name, family.kind.as_str(), family.help)
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
