//! Rows of `matching_yearly`: which municipalities people come from, or work in, and from which more than size explains.
//!
//! In: noised ties by municipality of origin, that are shown; those by prefecture of origin, all of them; residents of the
//! panel. Out: people, weighted by the panel of the very municipality; where people live also how many of those from
//! its prefecture would be from it by its size and its distance (`expected`), and the lift, people over that. A small
//! number is easily many times another small one, so the lift is drawn towards 1 (a gamma prior, whose strength is fitted
//! to all pairs), and its 5 % quantile stands beside it, to rank by.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, Class, CountedKind, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tables::ReleaseTable;

use super::Period;
use super::expected::{Expected, Fit, Homes};
use crate::decide::Rung;
use crate::draw::{Drawn, KeyedNoised, Noised};
use crate::estimate::Spread;
use crate::rows::activity::Names;
use crate::rows::figures::Cell;
use crate::rows::month::{MonthRows, Place, Sink, Stamps};
use crate::rows::sheet::Sheet;
use crate::town_weights::WeightOf;

/// The kinds that are drawn by municipality of origin, in the order of their words.
const KINDS: [CountedKind; 3] = [CountedKind::Connected, CountedKind::DualResident, CountedKind::Visitor];
/// The sides, in the order of their words and values.
const SIDES: [&str; 2] = ["residence", "workplace"];
const RESIDENCE: usize = 0;
/// The 5 % point of the normal distribution, and a little lower: what is expected is noisy too, and with -1.645 some eight of a
/// hundred true lifts of simulated nations lay below their bound.
const Z05: f64 = -1.9;

impl MonthRows<'_> {
    pub(super) fn matching(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let keyed = self.window.last().and_then(|newest| newest.keyed(Cube::OriginsYearly));
        let (Some(keyed), Some(ties)) = (keyed, self.noised(Drawn::Connected)) else { return Ok(()) };
        let of_year = Drawn::Classed(Cube::ResidentsYearly);
        let noise = of_year.strength().noise(self.parameters);
        let sigma = f64::from(noise.sigma);
        let towns = self.town_weights();
        let composition = self.composition();
        let of_ties = Drawn::Connected.strength().noise(self.parameters);
        let homes = Homes::of(self.noised(of_year), self.register(), (sigma, f64::from(of_ties.sigma)));
        let kinds: Vec<Kind> =
            KINDS.iter().filter_map(|kind| Kind::of(*kind, ties, (keyed, sigma), &homes)).collect();
        let (setting, stamps) = (self.setting(), Stamps::of(self.options, self.revision));
        let mut sheet = Sheet::new(ReleaseTable::MatchingYearly);
        for known in self.register().all().iter().map(|known| known.code) {
            let area = Area::Municipality(known);
            let Some(place) = Place::named(area, self.register()) else { continue };
            for (side, side_word) in SIDES.iter().enumerate() {
                for kind in &kinds {
                    let is_meant = |of: &Class| *of == kind.classes[side];
                    for ((_, other, _), value) in
                        keyed.of_area(area).iter().filter(|((_, _, of), _)| is_meant(of))
                    {
                        let Some(names) = Names::of(*other, self.register()) else { continue };
                        // Where people work says little of the panel where they live.
                        let (weight, weight_of) = match side {
                            RESIDENCE => towns.of(*other, self.weights),
                            _ => {
                                let prefecture = usize::from(other.prefecture().number());
                                (self.weights.of(prefecture), WeightOf::Prefecture)
                            }
                        };
                        let host = usize::from(place.code.prefecture().number());
                        let weight = weight.scaled(composition.of(&kind.word, host));
                        let value = f64::from(*value);
                        let mut cell = Cell::of(&Rung::drawn(value, noise), &weight, Spread::EVEN, &setting);
                        cell.ask("connected_monthly: origin_level prefecture");
                        let expected = homes.expected((ties, kind.class), &kind.fit, known, *other);
                        let expected = expected.filter(|_| side == RESIDENCE && cell.estimate.is_some());
                        let lift = expected
                            .map(|expected| lift(value, (sigma, weight.design), expected, kind.prior));
                        sheet.period(period).place(&place).text(Some(side_word));
                        sheet.text(Some(&kind.word)).other(&names).plain_figure(&cell);
                        sheet.long(expected.map(|expected| (expected.devices * weight.mean).round() as i64));
                        sheet.optional_double(lift.map(|(mean, _)| mean));
                        sheet.optional_double(lift.map(|(_, low)| low)).text(Some(weight_of.as_str()));
                        sheet.stamps(&stamps).count("municipality", cell.status.as_str());
                    }
                }
            }
        }
        sink(sheet.finish()?)
    }
}

/// A kind of tie, with what all its lifts have in common.
struct Kind {
    word: String,
    /// Its place among the classes of ties.
    class: usize,
    /// Its classes among the keyed figures, by side.
    classes: [Class; 2],
    fit: Fit,
    prior: f64,
}

impl Kind {
    fn of(
        kind: CountedKind,
        ties: &Noised,
        (keyed, sigma): (&KeyedNoised, f64),
        homes: &Homes,
    ) -> Option<Self> {
        let word = kind.to_string();
        let class = ties.layout().classes().iter().position(|class| *class == word)?;
        let declared = Cube::OriginsYearly.declaration().dimensions;
        let value = Dimension::Kind.value_of(&word)?;
        let of_kind = Class::ALL.with(declared, Dimension::Kind, value);
        let classes = std::array::from_fn(|side| of_kind.with(declared, Dimension::Side, side as u16));
        let shown = keyed.all().iter().filter(|((_, _, of), _)| *of == classes[RESIDENCE]);
        let pairs = shown.filter_map(|((area, other, _), value)| match area {
            Area::Municipality(host) => Some(((*host, *other), f64::from(*value))),
            _ => None,
        });
        let fit = homes.fit((ties, class), &pairs.collect());
        let of_pair = |area, other| match area {
            Area::Municipality(host) => homes.expected((ties, class), &fit, host, other),
            _ => None,
        };
        let prior = prior((keyed, sigma), classes[RESIDENCE], &of_pair);
        Some(Self { word, class, classes, fit, prior })
    }
}

/// The lift, and its 5 % quantile. Noise, sampling and its design effect together make a count of `value² / variance` events, and what is
/// expected is not known any better than the noised counts that it is made of. Pairs are shown because noise and chance left
/// them above a threshold: the value is corrected for it as people are, for counts spread evenly in their logarithms.
fn lift(value: f64, (sigma, design): (f64, f64), expected: Expected, prior: f64) -> (f64, f64) {
    let value = (value - sigma * sigma / value.max(1.0)).max(0.5 * value);
    let dispersion = (design * value + sigma * sigma) / value.max(1.0);
    let (events, of_expected) = (value / dispersion + prior, expected.devices / dispersion + prior);
    let mean = events / of_expected;
    let events = 1.0 / (1.0 / events + expected.relative_variance);
    // The quantile of a gamma distribution, by Wilson and Hilferty.
    let ninth = 1.0 / (9.0 * events);
    let root = 1.0 - ninth + Z05 * ninth.sqrt();
    let hundredth = |value: f64| (100.0 * value).round() / 100.0;
    (hundredth(mean), hundredth(mean * root.max(0.0).powi(3)))
}

/// The strength of the prior: the reciprocal of the variance of the lifts beyond what counting and noise explain, over all
/// pairs that are shown, by moments.
fn prior(
    (keyed, sigma): (&KeyedNoised, f64),
    class: Class,
    expected: &dyn Fn(Area, MunicipalityCode) -> Option<Expected>,
) -> f64 {
    let (mut beyond, mut pairs) = (0.0, 0_u32);
    for ((area, other, _), value) in keyed.all().iter().filter(|((_, _, of), _)| *of == class) {
        let Some(Expected { devices, relative_variance }) = expected(*area, *other) else { continue };
        let value = f64::from(*value);
        let ratio = (value / devices).min(10.0);
        let explained = (value + sigma * sigma) / (value * value) + relative_variance;
        beyond += (ratio - 1.0).powi(2) - ratio * ratio * explained;
        pairs += 1;
    }
    // With few pairs, or none unlike the rest, lifts are drawn strongly.
    if pairs < 30 { 10.0 } else { (f64::from(pairs) / beyond.max(1e-9)).clamp(1.0, 100.0) }
}

#[cfg(test)]
mod tests {
    use super::{Expected, lift};

    fn of(devices: f64) -> Expected {
        Expected { devices, relative_variance: 0.0 }
    }

    #[test]
    fn a_small_number_lifts_less_than_a_large_one_and_nothing_points_at_what_is_expected() {
        let (small, small_low) = lift(45.0, (10.0, 1.0), of(15.0), 5.0);
        let (large, large_low) = lift(900.0, (10.0, 1.0), of(300.0), 5.0);
        assert!(small < large && large < 3.0 && small_low < large_low, "{small} {large}");
        assert!(large_low > 2.5 && small_low > 1.0, "{small_low} {large_low}");
        let (mean, low) = lift(300.0, (10.0, 1.0), of(300.0), 5.0);
        assert!((mean - 1.0).abs() < 0.01 && low < 1.0);
        let unsure = Expected { relative_variance: 0.05, ..of(300.0) };
        assert!(
            lift(900.0, (10.0, 1.0), unsure, 5.0).1 < large_low - 0.3,
            "{:?}",
            lift(900.0, (10.0, 1.0), unsure, 5.0)
        );
    }
}
