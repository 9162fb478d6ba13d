//! One month of a series: what is done with it, and its noised counts.
//!
//! In: a month, what the lake has published of it, the day. Out: what it is now ([`Stage`]), and its noised counts,
//! drawn or as they were kept. Of a month that is sealed nothing is drawn again, whatever has arrived since.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int16Type, Int64Type};
use kayoi_lake::{LakeError, Manifest, ReleaseWriter, Replacement};
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Cube};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Day, Month};

use crate::draw::{
    COLUMNS, Drawn, Edition, Layout, MonthCounts, MonthNoised, Noised, Seed, Seeds, draw, draw_keyed,
};
use crate::error::ReleaseError;
use crate::options::ReleaseOptions;
use crate::series::Series;

/// What is done with a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its rows stand as they were published.
    Kept { is_final: bool },
    /// It is drawn and published, final or 速報.
    Drawn { is_final: bool },
    /// It is not over.
    Incomplete,
}

/// The draws of a month that is final, but for those that its 速報 had as well.
const OF_A_MONTH: [Drawn; 5] =
    [Drawn::Connected, Drawn::Totals, Drawn::Daily, Drawn::Monthly, Drawn::MonthlyDays];
/// The draws that weights are made of, and the coverage: once for a month, with its 速報 where it has one.
pub(crate) const OF_THE_PANEL: [Drawn; 3] = [Drawn::YearPanel, Drawn::MonthPanel, Drawn::Standings];
/// The draws that later months need: quarters and years are means of ties, and weights of municipalities and of ages,
/// and rebound, are made once a year.
pub(crate) const KEPT: [Drawn; 10] = [
    Drawn::YearPanel,
    Drawn::MonthPanel,
    Drawn::Standings,
    Drawn::Connected,
    Drawn::Classed(Cube::ResidentsYearly),
    Drawn::Classed(Cube::ResidentAgesYearly),
    Drawn::Classed(Cube::SegmentsYearly),
    Drawn::Classed(Cube::HomeHalvesYearly),
    Drawn::Classed(Cube::WaysYearly),
    Drawn::Classed(Cube::ReboundWaysYearly),
];

/// What a month is on a day.
pub(crate) fn stage(month: Month, options: &ReleaseOptions, before: Option<&Manifest>) -> Stage {
    let text = month.to_string();
    let is_real = matches!(options.series, Series::Real(_));
    let known = before.filter(|_| is_real);
    if known.is_some_and(|manifest| manifest.sealed.contains_key(&text)) {
        return Stage::Kept { is_final: true };
    }
    let Some(today) = options.as_of else { return Stage::Drawn { is_final: true } };
    if today >= final_day(month, options) {
        Stage::Drawn { is_final: true }
    } else if known.is_some_and(|manifest| manifest.provisional.contains_key(&text)) {
        // Whatever the day: drawn again, it would tell more than the ledger counts.
        Stage::Kept { is_final: false }
    } else if today <= month.last_day() {
        Stage::Incomplete
    } else {
        Stage::Drawn { is_final: false }
    }
}

/// The first day on which a month is final: pings of it that come later are late for every table.
pub(crate) fn final_day(month: Month, options: &ReleaseOptions) -> Day {
    month.last_day().plus(1 + options.seal_after_days as i32)
}

/// Reads the exact counts of a month.
pub(crate) fn counts(
    lake: &ReleaseWriter,
    month: Month,
    options: &ReleaseOptions,
) -> Result<MonthCounts, ReleaseError> {
    let mut counts = MonthCounts::new(month, &options.definition, options.register);
    for batch in lake.exact_counts(month, &COLUMNS)? {
        counts.add_rows(&batch?)?;
    }
    Ok(counts)
}

/// Draws months of a series, one after the other.
pub(crate) struct Drawing<'a> {
    pub(crate) options: &'a ReleaseOptions,
    pub(crate) parameters: &'a Parameters,
    /// Number of the edition of the series.
    pub(crate) edition: u32,
    /// The months that are final: each has a seed of its own, and no other has before it is drawn.
    pub(crate) sealed: BTreeSet<Month>,
    /// Seeds of this run.
    pub(crate) seeds: BTreeMap<(Edition, Month), Seed>,
}

impl Drawing<'_> {
    /// Draws a month; `with_panel` unless its panel was drawn before.
    pub(crate) fn month(
        &mut self,
        counts: &MonthCounts,
        is_final: bool,
        with_panel: bool,
    ) -> Result<MonthNoised, ReleaseError> {
        let (month, digest) = (counts.month(), counts.digest());
        let edition =
            if is_final { Edition::Final(self.edition) } else { Edition::Provisional(self.edition) };
        let seed = self.options.series.secret().seed(edition, month, &digest);
        self.seeds.insert((edition, month), seed.clone());
        let seeds = Seeds::of(month, |month| self.seed(edition, month))?;
        if let Series::Real(real) = &self.options.series {
            // Once it is known that those of the months before are there, and before anything is written that was drawn
            // with it.
            real.seeds.put(edition, month, &seed, &digest)?;
        }
        let mut wanted: Vec<Drawn> = if is_final { OF_A_MONTH.to_vec() } else { vec![Drawn::Provisional] };
        if is_final {
            wanted.extend(Cube::CLASSED.map(Drawn::Classed));
        }
        if with_panel {
            wanted.extend(OF_THE_PANEL);
        }
        let mut noised = draw(counts, &wanted, &seeds, self.parameters);
        if is_final {
            draw_keyed(counts, &mut noised, &seeds, self.parameters);
        }
        Ok(noised)
    }

    fn seed(&self, edition: Edition, month: Month) -> Result<Seed, ReleaseError> {
        if let Some(seed) = self.seeds.get(&(edition, month)) {
            return Ok(seed.clone());
        }
        let kept = match &self.options.series {
            Series::Real(real) => real.seeds.get(edition, month)?,
            Series::Trial { .. } => None,
        };
        match (kept, &self.options.series) {
            (Some(seed), _) => Ok(seed),
            // A final month must be correlated with the final months that were published before it; 速報 may have
            // been left out of any month, and a month without pings was never drawn.
            (None, Series::Real(real))
                if self.sealed.contains(&month) && matches!(edition, Edition::Final(_)) =>
            {
                Err(ReleaseError::NoSeeds {
                    month: month.to_string(),
                    folder: real.seeds.folder().to_owned(),
                })
            }
            (None, _) => Ok(self.options.series.secret().seed_before(edition, month)),
        }
    }
}

/// Columns of the table `noised`.
const NOISED: [&str; 5] = ["draw", "area_code", "class", "origin", "value"];

/// The noised counts of a month that were kept: all draws that there are.
pub(crate) fn kept(
    lake: &ReleaseWriter,
    month: Month,
    options: &ReleaseOptions,
) -> Result<MonthNoised, ReleaseError> {
    let other = || ReleaseError::OtherLattice { month: month.to_string() };
    let mut grids: BTreeMap<Drawn, (std::sync::Arc<Layout>, Vec<i32>)> = BTreeMap::new();
    for batch in lake.noised_counts(month, &NOISED)? {
        let batch = batch?;
        let text = |column: usize| batch.column(column).as_string::<i32>();
        let (draws, areas, classes) = (text(0), text(1), text(2));
        let origins = batch.column(3).as_primitive::<Int16Type>().values();
        let values = batch.column(4).as_primitive::<Int64Type>().values();
        for row in 0..batch.num_rows() {
            let drawn = Drawn::all().find(|drawn| drawn.name() == draws.value(row)).ok_or_else(other)?;
            let (layout, grid) = grids.entry(drawn).or_insert_with(|| {
                let layout = Layout::new(drawn, month, &options.definition, options.register);
                let values = vec![0; layout.len()];
                (layout, values)
            });
            let place =
                Area::parse(areas.value(row)).and_then(|area| layout.place(area)).ok_or_else(other)?;
            let class =
                layout.classes().iter().position(|class| class == classes.value(row)).ok_or_else(other)?;
            let origin =
                usize::try_from(origins[row]).ok().filter(|o| *o < layout.origins()).ok_or_else(other)?;
            grid[layout.index(place, class, origin)] = i32::try_from(values[row]).map_err(|_| other())?;
        }
    }
    let grids = grids.into_iter().map(|(drawn, (layout, values))| {
        Noised::kept(layout, values).map(|noised| (drawn, noised)).ok_or_else(other)
    });
    Ok(MonthNoised::kept(month, grids.collect::<Result<_, _>>()?))
}

/// Keeps the draws of a month that later months need.
pub(crate) fn keep(table: &mut Replacement, noised: &MonthNoised) -> Result<(), LakeError> {
    table.begin_partition(&noised.month().to_string())?;
    for (drawn, grid) in noised.all().filter(|(drawn, _)| KEPT.contains(drawn)) {
        let layout = grid.layout();
        for (place, area) in layout.areas().iter().enumerate() {
            table.write(&rows(drawn, area, layout, grid.of_area(place))?)?;
        }
    }
    table.end_file()
}

fn rows(drawn: Drawn, area: &Area, layout: &Layout, values: &[i32]) -> Result<RecordBatch, LakeError> {
    use arrow::array::{ArrayRef, Int16Array, Int64Array, StringArray};
    use std::sync::Arc;
    let origins = layout.origins();
    let same = |word: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(word, values.len())))
    };
    let classes = layout.classes().iter().flat_map(|class| std::iter::repeat_n(class.as_str(), origins));
    let classes: Vec<&str> = classes.collect();
    let columns: Vec<ArrayRef> = vec![
        same(drawn.name()),
        same(&area.to_string()),
        Arc::new(StringArray::from_iter_values(classes)),
        Arc::new(Int16Array::from_iter_values((0..values.len()).map(|index| (index % origins) as i16))),
        Arc::new(Int64Array::from_iter_values(values.iter().map(|value| i64::from(*value)))),
    ];
    let table = InternalTable::Noised.table();
    RecordBatch::try_new(table.file_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
