//! `kayoi quality`: what partners delivered, and what stands out.

use std::collections::BTreeMap;

use kayoi_ingest::quality::{self, Figures, Folded, Measures, Warning};
use kayoi_schemas::time::{Clock, Day, DayRule};
use serde_json::{Value, json};

use super::open;
use crate::args::QualityOptions;
use crate::coded::refuse;
use crate::screen::{count, line, note};

pub(crate) fn run(options: &QualityOptions) -> anyhow::Result<()> {
    let lake = open(&options.lake.lake)?;
    if !options.no_update {
        note_missed(&quality::fold(&lake)?);
    }
    let mut figures = quality::figures(&lake)?;
    if let Some(wanted) = &options.partner {
        let known: Vec<String> = figures.keys().map(|(partner, _)| partner.clone()).collect();
        figures.retain(|(partner, _), _| partner == wanted);
        if figures.is_empty() && !known.is_empty() {
            refuse!(Argument, "no figures of partner `{wanted}`\nhint: there are {}", names(known));
        }
    }
    let Some(newest) = figures.keys().map(|(_, day)| *day).max() else {
        return if options.json {
            line(json!({ "figures": [], "warnings": [] }))
        } else {
            line("nothing was ingested yet")
        };
    };
    let first = newest.plus(1 - options.days as i32);
    let today = DayRule::JAPAN.day(Clock::System.now());
    let warnings = quality::warnings(&figures, first, today);
    figures.retain(|(_, day), _| *day >= first);
    if options.json { print_json(&figures, &warnings) } else { print(&figures, &warnings) }
}

/// Says when deliveries cannot be counted any more.
pub(crate) fn note_missed(folded: &Folded) {
    if folded.missed_commits {
        note(
            "note: the log of pings no longer reaches back to the last update: rows were measured again for all days, counts of deliveries in between are missing",
        );
    }
}

fn names(mut partners: Vec<String>) -> String {
    partners.dedup();
    let quoted: Vec<String> = partners.iter().map(|partner| format!("`{partner}`")).collect();
    quoted.join(", ")
}

fn print_json(figures: &Figures, warnings: &[Warning]) -> anyhow::Result<()> {
    let figures: Vec<Value> = figures
        .iter()
        .map(|((partner, day), measures)| {
            json!({ "partner": partner, "day": day.to_string(), "measures": measures })
        })
        .collect();
    let warnings: Vec<Value> = warnings
        .iter()
        .map(|warning| {
            json!({
                "partner": warning.partner,
                "day": warning.day.to_string(),
                "measure": warning.measure,
                "value": warning.value,
                "threshold": warning.threshold,
                "meaning": warning.meaning,
            })
        })
        .collect();
    line(json!({ "figures": figures, "warnings": warnings }))
}

fn print(figures: &Figures, warnings: &[Warning]) -> anyhow::Result<()> {
    let mut partners: BTreeMap<&str, Vec<(Day, &Measures)>> = BTreeMap::new();
    for ((partner, day), measures) in figures {
        partners.entry(partner.as_str()).or_default().push((*day, measures));
    }
    for (partner, days) in partners {
        line(format_args!("{partner}"))?;
        line(format_args!(
            "  {:<10} {:>12} {:>9} {:>8} {:>12} {:>10} {:>9} {:>7} {:>7} {:>8} {:>5} {:>9} {:>6} {:>6}",
            "day",
            "received",
            "rejected",
            "late",
            "pings",
            "devices",
            "p/device",
            "acc m",
            "p95 m",
            "delay",
            "hours",
            "repeated",
            "age",
            "sex"
        ))?;
        for (day, measures) in days {
            print_day(day, measures)?;
        }
        line("")?;
    }
    for warning in warnings {
        line(format_args!(
            "warning: {} {}: {} {} (threshold {}): {}",
            warning.partner,
            warning.day,
            warning.measure,
            short(warning.value),
            short(warning.threshold),
            warning.meaning
        ))?;
    }
    if warnings.is_empty() { line("no warnings") } else { Ok(()) }
}

fn print_day(day: Day, measures: &Measures) -> anyhow::Result<()> {
    let whole = |name: &str| shown(measures, name, |value| count(value.max(0.0) as u64));
    let tenths = |name: &str| shown(measures, name, |value| format!("{value:.1}"));
    let percent = |name: &str| shown(measures, name, |value| format!("{:.2} %", value * 100.0));
    let part = |name: &str| shown(measures, name, |value| format!("{:.0} %", value * 100.0));
    line(format_args!(
        "  {:<10} {:>12} {:>9} {:>8} {:>12} {:>10} {:>9} {:>7} {:>7} {:>8} {:>5} {:>9} {:>6} {:>6}",
        day.to_string(),
        whole(quality::RECEIVED),
        whole(quality::REJECTED),
        whole(quality::LATE),
        whole(quality::PINGS),
        whole(quality::DEVICES),
        tenths(quality::PINGS_PER_DEVICE),
        tenths(quality::ACCURACY_MEDIAN),
        tenths(quality::ACCURACY_P95),
        shown(measures, quality::DELAY_MEAN, delay),
        whole(quality::HOURS),
        percent(quality::REPEATED),
        part(quality::AGE_KNOWN),
        part(quality::SEX_KNOWN)
    ))
}

/// A figure, or a dash where there is none: no figure is not 0.
fn shown(measures: &Measures, name: &str, text: impl Fn(f64) -> String) -> String {
    measures.get(name).map_or_else(|| "-".to_owned(), |value| text(*value))
}

fn delay(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        seconds if seconds < 172_800.0 => format!("{:.1} h", seconds / 3_600.0),
        seconds => format!("{:.0} d", seconds / 86_400.0),
    }
}

/// Shares keep their decimals, counts need none.
fn short(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.3}") } else { count(value.round().max(0.0) as u64) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn delays_have_the_unit_that_people_would_use() {
        assert_eq!([30.0, 600.0, 9_000.0, 864_000.0].map(super::delay), ["30 s", "10 min", "2.5 h", "10 d"]);
    }
}
