//! Rows of `peers`.
//!
//! In: the totals of a month with which a year or a fiscal year ends. Out: for each municipality whose visitors are
//! shown the five most like it. Likeness is stated, so that a peer is nobody's choice: the distance of three numbers,
//! each over its standard deviation in the nation: the logarithm of the census population, that of visitors for each
//! resident, and the part of visitors from other prefectures.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{CountedKind, Rhythm};
use kayoi_schemas::tables::ReleaseTable;

use crate::rows::activity::Names;
use crate::rows::month::{MonthRows, MonthWords, Place, Sink, Stamps};
use crate::rows::published::Published;
use crate::rows::sheet::Sheet;

/// Peers of each municipality.
const PEERS: usize = 5;
const LIKENESS: &str = "population, visitors for each resident, part of visitors from outside";

impl MonthRows<'_> {
    pub(super) fn peers(&self, now: &Published, sink: Sink<'_>) -> Result<(), LakeError> {
        if !Rhythm::Yearly.has(self.month()) {
            return Ok(());
        }
        let visitor = now.kinds.iter().position(|kind| *kind == CountedKind::Visitor.to_string());
        let traits = now.towns.iter().enumerate().filter_map(|(index, town)| {
            let population = self.options.people.town(town.code)?;
            let visitors = town.totals[visitor?]?.persons as f64;
            (population > 0.0 && visitors > 0.0)
                .then_some((index, [population.ln(), (visitors / population).ln(), town.outside?]))
        });
        let known: Vec<(usize, [f64; 3])> = traits.collect();
        let spread: [f64; 3] =
            std::array::from_fn(|of| deviation(known.iter().map(|(_, traits)| traits[of])));
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let mut sheet = Sheet::new(ReleaseTable::Peers);
        for (own, traits) in &known {
            let apart = |other: &[f64; 3]| -> f64 {
                (0..3).map(|of| ((traits[of] - other[of]) / spread[of].max(1e-9)).powi(2)).sum()
            };
            let mut others: Vec<(f64, usize)> = known
                .iter()
                .filter(|(index, _)| index != own)
                .map(|(index, other)| (apart(other), *index))
                .collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some(place) = Place::of(now.towns[*own].code, self.register()) else { continue };
            for (rank, (_, other)) in others.iter().take(PEERS).enumerate() {
                let Some(names) = Names::of(now.towns[*other].code, self.register()) else { continue };
                sheet.month(&words).place(&place).int(1 + rank as i32).other(&names);
                sheet.text(Some(LIKENESS)).stamps(&stamps);
                sheet.count("municipality", "published");
            }
        }
        sink(sheet.finish()?)
    }
}

/// The standard deviation of some numbers.
fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / count;
    (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}
