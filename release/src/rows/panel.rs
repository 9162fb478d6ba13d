//! Rows of `panel_monthly`: how well the panel speaks for people.
//!
//! In: the noised residents of both panels of a month, the weights made of them, of municipalities too. Out: one row for
//! each panel and prefecture, and for the country: what an analyst reads before a figure.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Quality, Status};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Day;

use super::month::{MonthRows, MonthWords, Sink, Stamps};
use super::sheet::Sheet;
use super::totals::names;
use super::weights::DEVICES_BASE;
use crate::composition::Composition;
use crate::draw::{Drawn, ORIGINS, area};
use crate::town_weights::{TownWeights, WeightOf};
use crate::weights::{LEAST_RESIDENTS, Weigh};

/// Effective devices below which an area says no more than a reference, 参考値.
const LEAST_EFFECTIVE: f64 = 30.0;

impl MonthRows<'_> {
    pub(super) fn panel_monthly(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let quality = PanelQuality {
            rows: self,
            towns: self.town_weights(),
            composition: self.composition(),
            missing: self.noised(Drawn::Daily).map(|daily| self.missing_days(daily)),
        };
        let mut sheet = Sheet::new(ReleaseTable::PanelMonthly);
        for (panel, drawn, weights) in
            [("month", Drawn::MonthPanel, self.of_month), ("year", Drawn::YearPanel, self.weights)]
        {
            let Some(noised) = self.noised(drawn) else { continue };
            let residents: Vec<f64> =
                std::iter::once(0.0).chain(noised.values().iter().map(|value| f64::from(*value))).collect();
            for number in (1..ORIGINS).chain([0]) {
                quality.row(&mut sheet, panel, number, &residents, weights);
            }
        }
        sink(sheet.finish()?)
    }
}

struct PanelQuality<'a> {
    rows: &'a MonthRows<'a>,
    towns: TownWeights,
    composition: Composition,
    missing: Option<Vec<Vec<Day>>>,
}

fn thousandth(value: f64) -> f64 {
    (1_000.0 * value).round() / 1_000.0
}

impl PanelQuality<'_> {
    /// The row of a prefecture by its number, or of the country at 0.
    fn row(&self, sheet: &mut Sheet, panel: &str, number: usize, residents: &[f64], weights: &dyn Weigh) {
        let Some(area) = area(number) else { return };
        let (options, parameters) = (self.rows.options, self.rows.parameters);
        let people = options.people.prefecture(number);
        let devices = if number == 0 { residents.iter().sum() } else { residents[number] };
        let weight = if number == 0 { weights.national() } else { weights.of(number) };
        let is_shown = devices >= f64::from(parameters.wide.threshold);
        let base = |value: f64| (value / DEVICES_BASE).round() * DEVICES_BASE;
        let pooling = match () {
            () if weights.rows().is_empty() => "none",
            () if number == 0 || weight == weights.national() => "country",
            () if devices < LEAST_RESIDENTS => "small_prefectures",
            () => "own",
        };
        // Kish: people of a town over its weight are its devices, so (Σ m w)² / Σ m w² is N² / Σ N w.
        let (mut squares, mut of) = (0.0, [0_i32; 3]);
        for (code, people) in options.people.towns(number) {
            let (weight, whose) = self.towns.of(code, weights);
            squares += people * weight.mean;
            let slot = match whose {
                WeightOf::Municipality => 0,
                WeightOf::SmallMunicipalities => 1,
                WeightOf::Prefecture => 2,
            };
            of[slot] += 1;
        }
        let is_weighted = !weights.rows().is_empty();
        let effective = if is_weighted { people * people / squares.max(1.0) } else { devices };
        let error = weight.relative_variance.sqrt();
        let is_reference = !is_shown || effective < LEAST_EFFECTIVE;
        let quality = (!is_reference).then(|| Quality::of(error).as_str());
        let (name, romaji) = names(area);
        sheet.month(&MonthWords::of(self.rows.month())).text(Some(panel)).text(Some(&area.to_string()));
        sheet.text(Some(name)).text(Some(romaji)).long(Some(people as i64)).text(Some(options.people.base()));
        sheet.long(is_shown.then(|| base(devices) as i64));
        sheet.optional_double(is_shown.then(|| thousandth(100.0 * devices / people.max(1.0))));
        sheet.text(Some(pooling)).double(thousandth(weight.mean)).double((1_000.0 * error).round() / 10.0);
        sheet.long(is_shown.then(|| base(effective.min(devices)) as i64)).text(quality);
        let status = if is_shown { self.rows.setting_of_month().value } else { Status::Hidden };
        sheet.text(Some(status.as_str()));
        let calibrated = self.towns.calibrated_in().map(|month| month.to_string());
        sheet.text(calibrated.as_deref());
        for count in of {
            sheet.int(count);
        }
        sheet.optional_double(self.composition.known_percent(number));
        let missing = self.missing(number);
        let text: Vec<String> = missing.iter().map(Day::to_string).collect();
        sheet.int(missing.len() as i32).text(Some(text.join(",")).filter(|text| !text.is_empty()).as_deref());
        sheet.stamps(&Stamps::of(options, self.rows.revision));
        let level = if number == 0 { "country" } else { "prefecture" };
        sheet.count(level, status.as_str());
    }

    /// The days without data in a prefecture; of the country those of most prefectures.
    fn missing(&self, number: usize) -> Vec<Day> {
        let Some(missing) = &self.missing else { return Vec::new() };
        if number > 0 {
            return missing[number].clone();
        }
        let all: std::collections::BTreeSet<Day> = missing.iter().flatten().copied().collect();
        let is_of_most =
            |day: &Day| 2 * missing.iter().filter(|days| days.contains(day)).count() > ORIGINS - 1;
        all.into_iter().filter(is_of_most).collect()
    }
}
