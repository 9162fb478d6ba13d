//! `kayoi doctor`: is everything there that an ingest needs, and what is to be mended?
//!
//! In: a configuration. Out: one finding a line, each with why it matters and what to do; exit code 1 when
//! ingest would fail or do harm. It changes nothing: no group is joined, no table or key is made, and the one
//! file that it writes to the lake is deleted again.

mod finding;
mod settings;
mod lake;
mod key;
mod kafka;
mod machine;

use std::path::{Path, PathBuf};

use kayoi_geography::{Geography, simplified};
use kayoi_ingest::config::Config;
use kayoi_ingest::setup;
use serde_json::json;

use crate::args::DoctorOptions;
use crate::coded::refuse;
use crate::screen::line;
use finding::{Advice, Finding, State};

/// Examines and prints.
pub(crate) fn run(options: &DoctorOptions) -> anyhow::Result<()> {
    let findings = examine(options);
    let number = |state| findings.iter().filter(|finding| finding.state == state).count();
    let (problems, warnings) = (number(State::Problem), number(State::Warning));
    if options.json {
        line(json!({ "findings": findings, "problems": problems, "warnings": warnings }))?;
    } else {
        findings.iter().try_for_each(line)?;
    }
    match problems {
        0 => Ok(()),
        1 => refuse!(Check, "1 problem is to be mended before an ingest"),
        more => refuse!(Check, "{more} problems are to be mended before an ingest"),
    }
}

fn examine(options: &DoctorOptions) -> Vec<Finding> {
    let config = match settings::config(options) {
        Ok(config) => config,
        Err(error) => {
            return vec![Finding::of_error("config", &*error, "nothing else can be checked without it")];
        }
    };
    let mut findings = vec![settings::finding(options, &config)];
    let place = PathBuf::from(&config.lake.url);
    let opened = lake::open(&place, &mut findings);
    findings.push(key::check(&config, &place, opened.as_ref()));
    let positions = opened.as_ref().and_then(|lake| lake::tables(lake, &mut findings));
    findings.push(boundaries(config.lake.boundaries.as_deref()));
    findings.extend(sensitive_places(&config));
    findings.extend(kafka::check(&config, &positions.unwrap_or_default()));
    findings.push(registry(&config));
    findings.extend(machine::check(&config, &place));
    findings
}

fn boundaries(file: Option<&Path>) -> Finding {
    let Some(file) = file else {
        return Finding::warning(
            "boundaries",
            "none are named: municipalities come from the simplified borders that ship",
            Advice {
                why: simplified::HOW_FAR_THEY_ERR,
                hint: "make a file with `kayoi boundaries import` and name it as lake.boundaries",
            },
        );
    };
    match Geography::open(file) {
        Ok(geography) => Finding::ok("boundaries", format!("`{}`: {}", file.display(), geography.edition())),
        Err(error) => Finding::of_error("boundaries", &error, "without borders no ping has a municipality"),
    }
}

/// The list of sensitive places, where there is one.
fn sensitive_places(config: &Config) -> Option<Finding> {
    let file = config.places.sensitive.as_deref()?;
    Some(match setup::sensitive_places(config) {
        Ok(places) => Finding::ok(
            "places",
            format!("`{}`: pings in its {} sensitive places are dropped", file.display(), places.len()),
        ),
        Err(error) => Finding::of_error("places", &error, "an ingest ends at its start without its list"),
    })
}

fn registry(config: &Config) -> Finding {
    let Some(url) = &config.registry.url else {
        return Finding::skipped("registry", "none is configured");
    };
    const WHY: &str = "records that name a schema id cannot be read, and reading stops at the first of them";
    let registry = match setup::registry(config) {
        Ok(registry) => registry,
        Err(error) => return Finding::of_error("registry", &error, WHY),
    };
    match registry.subjects() {
        Ok(0) => Finding::warning(
            "registry",
            format!("`{url}` answers, and shows no subject"),
            Advice {
                why: "records that name a schema id would be rejected",
                hint: "is it the right registry, and may this user see the partner's subjects?",
            },
        ),
        Ok(subjects) => Finding::ok("registry", format!("`{url}` answers and shows {subjects} subjects")),
        Err(error) => Finding::of_error("registry", &error, WHY),
    }
}

#[cfg(test)]
#[path = "doctor_tests.rs"]
mod tests;
