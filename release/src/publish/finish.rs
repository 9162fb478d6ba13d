//! The end of a release: its tables, its manifest, and what is not needed any more.
//!
//! In: a run whose months are written. Out: a release that everybody sees. Before its manifest nobody sees anything of it;
//! after it exact counts and old seeds of sealed months go.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_lake::manifest::parse;
use kayoi_lake::{Manifest, ManifestTable, fault};
use kayoi_schemas::time::{Clock, Day, DayRule, Month};

use super::ReleaseSummary;
use super::run::Run;
use crate::error::ReleaseError;
use crate::rows::{Change, changes};
use crate::series::{Correction, Record, Series};

impl Run<'_> {
    /// Writes what was published again, swaps the tables in, and makes the release visible.
    pub(super) fn finish(mut self) -> Result<ReleaseSummary, ReleaseError> {
        let mark = self.lake.run()?;
        self.correct();
        let all = self.record.as_ref().map(corrections).unwrap_or_default();
        let released = changes(&all, &self.options, self.revision)?;
        self.write(&released)?;
        let mut tables = BTreeMap::new();
        for (name, output) in std::mem::take(&mut self.tables) {
            tables.insert(name.to_owned(), output.commit(self.lake, mark)?);
        }
        let noised = std::mem::replace(&mut self.noised, self.lake.replace_noised()?);
        noised.commit(mark)?;
        // From here on a definition counts as published, even should the manifest not land.
        if let Some(record) = &self.record {
            record.write(self.lake)?;
        }
        let manifest = self.manifest(tables)?;
        self.summary.months.clone_from(&manifest.months);
        let bytes = serde_json::to_vec_pretty(&manifest).map_err(ReleaseError::Record)?;
        let signature = match &self.options.series {
            Series::Real(real) => Some(real.signing_key.sign(&bytes).into()),
            Series::Trial { .. } => None,
        };
        fault::point("before-manifest")?;
        self.lake.publish(self.revision, bytes.into(), signature)?;
        fault::point("after-manifest")?;
        self.tidy(&manifest)?;
        Ok(self.summary)
    }

    fn correct(&mut self) {
        let (Some(record), Some(reason)) = (&mut self.record, &self.options.correction) else { return };
        let (first, last) = (self.sealed.keys().next().cloned(), self.sealed.keys().next_back().cloned());
        record.corrections.push(Correction {
            edition: record.edition,
            date: DayRule::JAPAN.day(Clock::System.now()).to_string(),
            months: (first.unwrap_or_default(), last.unwrap_or_default()),
            reason: reason.clone(),
        });
    }

    fn manifest(&mut self, tables: BTreeMap<String, ManifestTable>) -> Result<Manifest, ReleaseError> {
        let json = |value: serde_json::Result<serde_json::Value>| value.map_err(ReleaseError::Record);
        let mut shown: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>> = BTreeMap::new();
        for (table, tally) in &self.tally {
            for ((level, status), count) in tally {
                let levels = shown.entry((*table).to_owned()).or_default();
                levels.entry((*level).to_owned()).or_default().insert((*status).to_owned(), *count);
                let is_figure = !["release_weights", "panel_coverage", "release_changes"].contains(table);
                *self.summary.rows.entry((*status).to_owned()).or_default() +=
                    if is_figure { *count } else { 0 };
            }
        }
        let months = self.months_covered(&tables);
        Ok(Manifest {
            format: kayoi_lake::manifest::FORMAT,
            revision: self.revision,
            made_at: chrono::DateTime::from_timestamp_millis(Clock::System.now().0)
                .map_or_else(String::new, |now| now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
            series: self.options.series.name().to_owned(),
            edition: self.edition,
            definition: self.options.definition.id(),
            definition_hash: self.options.definition.hash(),
            boundaries: self.options.boundaries.clone(),
            code_date: self.options.code_date.clone(),
            months,
            sealed: self.sealed.clone(),
            provisional: self.provisional.clone(),
            parameters: json(serde_json::to_value(self.parameters))?,
            spent: self.ledger.lines.iter().map(|line| (line.line.name().to_owned(), line.spent())).collect(),
            constants: json(serde_json::to_value(&self.constants))?,
            shown,
            tables,
        })
    }

    /// First and last month that has figures in the release.
    fn months_covered(&self, tables: &BTreeMap<String, ManifestTable>) -> Option<(String, String)> {
        let files = tables.values().flat_map(|table| &table.files);
        let months: BTreeSet<&String> = files.filter_map(|file| file.month.as_ref()).collect();
        Some((months.first()?.to_string(), months.last()?.to_string()))
    }

    /// What is not needed any more once the release is seen: exact counts and old seeds of months that are sealed;
    /// of a trial, the releases of the runs before.
    fn tidy(&self, manifest: &Manifest) -> Result<(), ReleaseError> {
        match &self.options.series {
            Series::Real(real) => {
                for revision in self.lake.revisions()?.into_iter().filter(|other| *other < self.revision) {
                    // What was tried out before the series began is no part of it.
                    let found = self.lake.signed(revision)?;
                    let is_trial = found.is_some_and(|(bytes, _)| {
                        parse(revision, &bytes).is_ok_and(|manifest| manifest.series == "trial")
                    });
                    if is_trial {
                        // With its files, which were drawn from the same counts once more.
                        self.lake.retire(revision)?;
                    }
                }
                let sealed: BTreeSet<Month> = manifest.sealed_months().collect();
                // All of them each time: a run that died here has left some, in an older version of the table.
                self.lake.delete_exact_counts(&sealed)?;
                if let Some(newest) = sealed.last() {
                    real.seeds.destroy_before(*newest)?;
                }
            }
            // Those of its own run stand beside it, by the other definitions.
            Series::Trial { .. } if !self.of_run.is_first => {}
            Series::Trial { .. } => {
                for revision in self.lake.revisions()?.into_iter().filter(|other| *other < self.revision) {
                    self.lake.unlist(revision)?;
                }
            }
        }
        Ok(())
    }
}

fn corrections(record: &Record) -> Vec<Change> {
    let change = |correction: &Correction| {
        Some(Change {
            edition: correction.edition,
            date: Day::parse(&correction.date)?,
            months: (Month::parse(&correction.months.0)?, Month::parse(&correction.months.1)?),
            reason: correction.reason.clone(),
        })
    };
    record.corrections.iter().filter_map(change).collect()
}
