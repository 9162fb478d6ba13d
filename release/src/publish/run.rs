//! The months of a release, one after the other.
//!
//! In: a plan, the counts of a lake. Out: rows in the release tables, noised counts for the months to come. Memory holds
//! the exact counts of two months, and the noised ones of twelve.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::mpsc;
use std::{panic, thread};

use kayoi_lake::{LakeError, Manifest, ReleaseWriter, Replacement, Sealed};
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;

use super::ReleaseSummary;
use super::ahead::Ahead;
use super::output::Output;
use super::plan::{OfRun, Plan};
use crate::draw::{Drawn, Edition, MonthCounts, MonthNoised, Noised, Seed};
use crate::error::ReleaseError;
use crate::ledger::Ledger;
use crate::month::{Drawing, KEPT, OF_THE_PANEL, Stage, final_day, keep, kept, stage};
use crate::options::{Expansion, ReleaseOptions};
use crate::rows::{Constants, Made, MonthRows, Published, Released, Sink, Tally, not_computed};
use crate::series::Record;
use crate::town_weights::TownWeights;
use crate::weights::{PrefectureWeights, Unweighted, Weigh};

/// Months whose noised counts later months need.
const WINDOW_MONTHS: usize = 12;
/// Pieces of rows that may wait to be written; one is some MB.
const WAITING_PIECES: usize = 4;

/// A release under way.
pub(super) struct Run<'a> {
    pub(super) lake: &'a ReleaseWriter,
    pub(super) options: ReleaseOptions,
    pub(super) record: Option<Record>,
    pub(super) before: Option<Manifest>,
    pub(super) parameters: Parameters,
    /// Seeds of the months of this run.
    pub(super) seeds: BTreeMap<(Edition, Month), Seed>,
    pub(super) last: Month,
    pub(super) revision: u64,
    pub(super) edition: u32,
    pub(super) of_run: OfRun,
    pub(super) ledger: Ledger,
    pub(super) tables: BTreeMap<&'static str, Output>,
    pub(super) noised: Replacement,
    /// The month whose rows are written.
    pub(super) month: Option<Month>,
    /// The table whose file grows.
    pub(super) growing: Option<&'static str>,
    pub(super) window: Vec<MonthNoised>,
    /// Totals of the months before, the newest last.
    pub(super) totals: Vec<Published>,
    pub(super) tally: BTreeMap<&'static str, Tally>,
    pub(super) constants: Constants,
    pub(super) sealed: BTreeMap<String, Sealed>,
    pub(super) provisional: BTreeMap<String, Sealed>,
    pub(super) summary: ReleaseSummary,
}

impl<'a> Run<'a> {
    pub(super) fn begin(
        lake: &'a ReleaseWriter,
        options: &ReleaseOptions,
        of_run: OfRun,
    ) -> Result<Self, ReleaseError> {
        let Plan { options, record, parameters, edition, ledger } = Plan::of(lake, options, of_run)?;
        let listed = lake.newest()?;
        let revision = listed.as_ref().map_or(1, |manifest| manifest.revision + 1);
        // A trial's release, or one of an edition before, says nothing of what stands.
        let is_same = |manifest: &Manifest| {
            manifest.series == "real" && record.is_some() && manifest.edition == edition
        };
        if let (Some(listed), true) = (&listed, options.correction.is_some()) {
            let is_final =
                |month: &Month| options.as_of.is_none_or(|today| today >= final_day(*month, &options));
            if let Some(month) = listed.sealed_months().find(|month| !is_final(month)) {
                return Err(ReleaseError::Unseals { month: month.to_string() });
            }
        }
        let counted = lake.counted_months()?;
        let was_final =
            listed.iter().filter(|_| options.correction.is_some()).flat_map(Manifest::sealed_months);
        let dropped: Vec<Month> = was_final.filter(|month| !counted.contains(month)).collect();
        let before = listed.filter(is_same);
        let tables =
            ReleaseTable::ALL.into_iter().map(|table| Ok((table.table().name, Output::open(lake, table)?)));
        let tables = tables.collect::<Result<_, ReleaseError>>()?;
        let summary =
            ReleaseSummary { revision, series: options.series.name(), dropped, ..ReleaseSummary::default() };
        Ok(Self {
            lake,
            parameters,
            seeds: BTreeMap::new(),
            last: Month(0),
            sealed: before.as_ref().map(|manifest| manifest.sealed.clone()).unwrap_or_default(),
            provisional: BTreeMap::new(),
            noised: lake.replace_noised()?,
            options,
            record,
            before,
            revision,
            edition,
            of_run,
            ledger,
            tables,
            month: None,
            growing: None,
            window: Vec::new(),
            totals: Vec::new(),
            tally: BTreeMap::new(),
            constants: Constants::new(),
            summary,
        })
    }

    /// The months that have anything to show.
    pub(super) fn months(&mut self) -> Result<Vec<Month>, ReleaseError> {
        // Of two runs, half would be of other pings than the rest.
        self.lake.run()?;
        let counted = self.lake.counted_months()?;
        // What is published stands, whether its pings are still there or not.
        let before =
            self.before.iter().flat_map(|before| before.sealed.keys().chain(before.provisional.keys()));
        let published: BTreeSet<Month> = before.filter_map(|month| Month::parse(month)).collect();
        let months: Vec<Month> = counted.union(&published).copied().collect();
        self.last = months.last().copied().unwrap_or(Month(0));
        Ok(months)
    }

    /// Whether a month is drawn from its exact counts, which are then read ahead.
    pub(super) fn is_drawn(&self, month: Month) -> bool {
        matches!(self.stage(month), Stage::Drawn { .. })
    }

    fn stage(&self, month: Month) -> Stage {
        stage(month, &self.options, self.before.as_ref())
    }

    pub(super) fn month(&mut self, month: Month, ahead: &Ahead<'_>) -> Result<(), ReleaseError> {
        self.month = Some(month);
        match self.stage(month) {
            Stage::Kept { is_final } => self.stands(month, is_final),
            Stage::Drawn { is_final } => self.publish_month(ahead.take(month)?, is_final),
            Stage::Incomplete => self.incomplete(month),
        }
    }

    /// A month whose files stay.
    fn stands(&mut self, month: Month, is_final: bool) -> Result<(), ReleaseError> {
        let text = month.to_string();
        let Some(before) = &self.before else { return Ok(()) };
        for (name, output) in &mut self.tables {
            let files = before.tables.get(*name).map(|table| table.files.as_slice()).unwrap_or_default();
            for file in files.iter().filter(|file| file.month.as_deref() == Some(&text)) {
                output.replacement.keep(&file.path);
                output.kept.push(file.clone());
            }
        }
        if !is_final && let Some(sealed) = before.provisional.get(&text) {
            self.provisional.insert(text.clone(), *sealed);
        }
        self.noised.keep_partition(&text)?;
        let noised = kept(self.lake, month, &self.options)?;
        self.summary.kept.push(month);
        self.remember(noised);
        self.totals_of_kept(month, is_final);
        Ok(())
    }

    fn publish_month(&mut self, counts: MonthCounts, is_final: bool) -> Result<(), ReleaseError> {
        let month = counts.month();
        if !counts.has_any() {
            // Its pings were deleted before it was final: 速報 is all that there will be.
            return self.stands(month, false);
        }
        // The panel that 速報 was weighted with is that of the month.
        let before = self.before_it_was_final(month)?;
        let with_panel = before.is_none();
        let mut drawing = Drawing {
            options: &self.options,
            parameters: &self.parameters,
            edition: self.edition,
            sealed: self.sealed.keys().filter_map(|month| Month::parse(month)).collect(),
            seeds: std::mem::take(&mut self.seeds),
        };
        let mut noised = drawing.month(&counts, is_final, with_panel)?;
        self.seeds = drawing.seeds;
        let has_ties = counts.has(Drawn::Connected);
        drop(counts);
        if let Some(before) = before {
            noised.add(before);
        }
        if self.record.is_some() {
            keep(&mut self.noised, &noised)?;
        }
        self.remember(noised);
        self.write_rows(month, is_final)?;
        self.end_growing()?;
        let sealed = Sealed { revision: self.revision, edition: self.edition };
        if !has_ties {
            // Visitors stand alone, where the lake is too young for ties.
        } else if is_final {
            self.summary.sealed.push(month);
        } else {
            self.summary.provisional.push(month);
        }
        if is_final {
            if self.record.is_some() {
                self.sealed.insert(month.to_string(), sealed);
            }
        } else {
            self.provisional.insert(month.to_string(), sealed);
        }
        Ok(())
    }

    /// A month that is not over: when its figures come.
    fn incomplete(&mut self, month: Month) -> Result<(), ReleaseError> {
        let released = not_computed(month, &self.options, self.revision)?;
        self.write(&released)?;
        Ok(self.end_growing()?)
    }

    /// The panel that was drawn for the 速報 of a month.
    fn before_it_was_final(&self, month: Month) -> Result<Option<MonthNoised>, ReleaseError> {
        let is_known = self.before.as_ref().is_some_and(|m| m.provisional.contains_key(&month.to_string()));
        if !is_known {
            return Ok(None);
        }
        let noised = kept(self.lake, month, &self.options)?;
        let is_there = OF_THE_PANEL.iter().any(|drawn| noised.get(*drawn).is_some());
        Ok(is_there.then(|| noised.only(&OF_THE_PANEL)))
    }

    /// The weights of devices of a panel that was drawn.
    fn weights(&self, noised: Option<&Noised>, towns: &TownWeights) -> Box<dyn Weigh> {
        match (self.options.expansion, noised) {
            (Expansion::Census, Some(residents)) => {
                let values: Vec<f64> = residents.values().iter().map(|value| f64::from(*value)).collect();
                let sigma = f64::from(self.parameters.wide.sigma);
                let people = &self.options.people;
                let weights = PrefectureWeights::new(&values, sigma, people);
                Box::new(weights.with_unlike_towns(towns.spread(), people))
            }
            _ => Box::new(Unweighted),
        }
    }

    /// Keeps what later months need.
    fn remember(&mut self, noised: MonthNoised) {
        self.window.push(noised);
        if self.window.len() > WINDOW_MONTHS {
            self.window.remove(0);
        }
    }

    /// Keeps the totals of a month, and of as many before it as changes are against.
    fn remember_totals(&mut self, published: Option<Published>, mut before: Vec<Published>) {
        before.extend(published);
        let first = before.len().saturating_sub(WINDOW_MONTHS);
        before.drain(..first);
        self.totals = before;
    }

    /// The totals of a month that stands, for changes of the months after it.
    fn totals_of_kept(&mut self, month: Month, is_final: bool) {
        let refs: Vec<&MonthNoised> = self.window.iter().collect();
        let towns = TownWeights::of_window(&refs, &self.parameters, &self.options.people);
        let weights = self.weights(refs.last().and_then(|newest| newest.get(Drawn::YearPanel)), &towns);
        let rows = MonthRows {
            window: &refs,
            options: &self.options,
            parameters: &self.parameters,
            weights: weights.as_ref(),
            of_month: weights.as_ref(),
            before: &[],
            revision: self.revision,
            is_final,
            next_release: None,
            has_origins: false,
        };
        let published = rows.totals_again().filter(|published| is_final && published.month == month);
        let before = std::mem::take(&mut self.totals);
        self.remember_totals(published, before);
    }

    fn write_rows(&mut self, month: Month, is_final: bool) -> Result<(), ReleaseError> {
        let window = std::mem::take(&mut self.window);
        let refs: Vec<&MonthNoised> = window.iter().collect();
        let towns = TownWeights::of_window(&refs, &self.parameters, &self.options.people);
        let panel = |drawn| self.weights(refs.last().and_then(|newest| newest.get(drawn)), &towns);
        let (of_year, of_month) = (panel(Drawn::YearPanel), panel(Drawn::MonthPanel));
        let next_release = (!is_final).then(|| final_day(month, &self.options));
        let options = self.options.clone();
        let parameters = self.parameters;
        let before = std::mem::take(&mut self.totals);
        let rows = MonthRows {
            window: &refs,
            options: &options,
            parameters: &parameters,
            weights: of_year.as_ref(),
            of_month: of_month.as_ref(),
            before: &before,
            revision: self.revision,
            is_final,
            next_release,
            has_origins: options.origin_months.is_none_or(|months| month.0 > self.last.0 - months as i32),
        };
        let made = self.write_while(|sink| rows.make(sink))?;
        self.constants.extend(made.constants);
        self.remember_totals(made.published, before);
        self.window = window;
        if let Some(newest) = self.window.last_mut() {
            // The rest of a month is not needed once its rows are written, and is most of it.
            newest.keep_only(&KEPT);
        }
        Ok(())
    }

    /// Makes rows, while those before them are pressed into files by another thread: each takes about as long.
    fn write_while(
        &mut self,
        make: impl FnOnce(Sink<'_>) -> Result<Made, LakeError>,
    ) -> Result<Made, LakeError> {
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel::<Released>(WAITING_PIECES);
            let writer =
                scope.spawn(move || receiver.into_iter().try_for_each(|released| self.write(&released)));
            // Nobody receives after the writer has failed, which then says why.
            let gone = |_| LakeError::Io { path: PathBuf::new(), source: ErrorKind::BrokenPipe.into() };
            let made = make(&mut |released| sender.send(released).map_err(gone));
            drop(sender);
            writer.join().unwrap_or_else(|cause| panic::resume_unwind(cause))?;
            made
        })
    }

    pub(super) fn write(&mut self, released: &Released) -> Result<(), LakeError> {
        let name = released.table().table().name;
        // A file that grows holds buffers for each of its columns: only one table's grows at a time.
        if let Some(before) = self.growing.filter(|before| *before != name) {
            self.end_file(before)?;
        }
        self.growing = Some(name);
        if let Some(output) = self.tables.get_mut(name) {
            output.write(released.batch())?;
        }
        let tally = self.tally.entry(name).or_default();
        released.tally().iter().for_each(|(key, count)| *tally.entry(*key).or_default() += count);
        Ok(())
    }

    /// Ends the last file of a month.
    fn end_growing(&mut self) -> Result<(), LakeError> {
        self.growing.take().map_or(Ok(()), |table| self.end_file(table))
    }

    fn end_file(&mut self, table: &'static str) -> Result<(), LakeError> {
        let month = self.month;
        self.tables.get_mut(table).map_or(Ok(()), |output| output.end(month))
    }
}
