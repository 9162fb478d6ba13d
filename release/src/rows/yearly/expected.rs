//! How many people of each municipality a host would have by how many live there and how far it is.
//!
//! In: noised residents of the panel, noised ties by prefecture of origin. Out: [`Expected`] devices of a pair. Of those
//! that a host has from a prefecture, a municipality is expected to send as many as the panel's residents say who live
//! there, times how much distance leaves. That decay is fitted to the same noised ties, in bands of kilometres, within a
//! prefecture and out of it, for each kind by itself: a pair that is near is no friendship. Nor is one whose people go
//! everywhere: how much more than others the people of a municipality are on the way is told by the pairs of which so many
//! are expected that they are shown whatever they are. All other pairs are shown from a threshold on, and would say that
//! what is far or small is large.

use std::collections::{BTreeMap, HashMap};

use kayoi_geography::Register;
use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::distance_km;

use crate::draw::{Noised, ORIGINS};

/// Where bands of distance end, kilometres; the last one has no end. Narrow where distance matters most.
const BAND_ENDS_KM: [f64; 15] =
    [15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 65.0, 80.0, 100.0, 130.0, 170.0, 220.0, 300.0, 400.0, 600.0];
const BANDS: usize = BAND_ENDS_KM.len() + 1;
/// Each band within a prefecture, then each out of it.
const STEPS: usize = 2 * BANDS;
/// A pair of which so many devices are expected is shown, but for a rare chance: it is far above the threshold, by noise of
/// ten and its own chance together. As many draw the people of a municipality to those of all others.
const SURE_DEVICES: f64 = 80.0;
/// How much the sums of sure pairs differ beyond chance: they have noise as well, and a few friends among them.
const ORIGIN_DISPERSION: f64 = 3.0;
/// Rounds in which the people of municipalities are compared with what is expected of them, since it changes with them.
const ORIGIN_ROUNDS: usize = 3;
/// Rounds of the fit at most, and the change of every factor below which it has ended.
const MOST_ROUNDS: usize = 300;
const ENOUGH: f64 = 1e-3;

/// Devices that are expected, and their variance as a share of its square.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) devices: f64,
    pub(super) relative_variance: f64,
}

/// A municipality as an origin.
struct Home {
    slot: usize,
    /// Residents of the panel, and the variance that noise gives them, as a share of its square.
    size: f64,
    relative_variance: f64,
}

/// All municipalities, and how far they are from each other.
pub(super) struct Homes {
    places: BTreeMap<MunicipalityCode, usize>,
    homes: Vec<Home>,
    /// The step of each pair, host after host.
    steps: Vec<u8>,
    /// Standard deviation of the noise in ties by prefecture.
    sigma: f64,
}

/// How ties of a kind follow from distance and origin.
pub(super) struct Fit {
    decay: Decay,
    /// How much more than others the people of each municipality have them, and the variance of that.
    origins: Vec<(f64, f64)>,
    /// Residents times both, by host and prefecture of origin.
    sums: Vec<[f64; ORIGINS]>,
}

impl Homes {
    /// `sigma` are those of the noise of residents and of ties.
    pub(super) fn of(residents: Option<&Noised>, register: &Register, sigma: (f64, f64)) -> Self {
        let size = |code: MunicipalityCode| {
            let place = residents.and_then(|residents| residents.layout().place(Area::Municipality(code)));
            let value =
                residents.zip(place).and_then(|(noised, place)| noised.of_area(place).first().copied());
            f64::from(value.unwrap_or_default().max(0))
        };
        let all = register.all();
        let home = |code: MunicipalityCode| {
            let size = size(code);
            let relative_variance = (sigma.0 / size.max(1.0)).powi(2);
            Home { slot: usize::from(code.prefecture().number()), size, relative_variance }
        };
        let homes: Vec<Home> = all.iter().map(|town| home(town.code)).collect();
        let mut steps = Vec::with_capacity(all.len() * all.len());
        for host in all {
            steps.extend(all.iter().map(|other| {
                let km = distance_km((host.latitude, host.longitude), (other.latitude, other.longitude));
                let band = BAND_ENDS_KM.partition_point(|end| *end <= km);
                let is_out = host.code.prefecture() != other.code.prefecture();
                (band + if is_out { BANDS } else { 0 }) as u8
            }));
        }
        let places = all.iter().enumerate().map(|(place, town)| (town.code, place)).collect();
        Self { places, homes, steps, sigma: sigma.1 }
    }

    /// What a class of ties follows from: `pairs` are those that are shown.
    pub(super) fn fit(
        &self,
        (ties, class): (&Noised, usize),
        pairs: &HashMap<(MunicipalityCode, MunicipalityCode), f64>,
    ) -> Fit {
        let of_host = |(code, place): (&MunicipalityCode, &usize)| self.host((ties, class), *code, *place);
        let hosts: Vec<Host> = self.places.iter().map(of_host).collect();
        let mut fit = Fit {
            decay: fitted(&hosts, self.sigma),
            origins: vec![(1.0, 0.0); self.homes.len()],
            sums: Vec::new(),
        };
        fit.sums = self.sums(&fit);
        for _ in 0..ORIGIN_ROUNDS {
            let mut sums = vec![(SURE_DEVICES, SURE_DEVICES); self.homes.len()];
            for (host, at) in &self.places {
                let Some(drawn) = drawn((ties, class), *host) else { continue };
                for (other, place) in self.places.iter().filter(|(other, _)| *other != host) {
                    let expected = self.of_pair(drawn, &fit, *at, *place);
                    if let Some(expected) = expected.filter(|of| of.devices >= SURE_DEVICES) {
                        let seen = pairs.get(&(*host, *other)).copied().unwrap_or_default();
                        sums[*place].0 += seen;
                        sums[*place].1 += expected.devices;
                    }
                }
            }
            for (origin, (seen, expected)) in fit.origins.iter_mut().zip(sums) {
                *origin = (origin.0 * seen / expected, ORIGIN_DISPERSION / expected);
            }
            fit.sums = self.sums(&fit);
        }
        fit
    }

    fn sums(&self, fit: &Fit) -> Vec<[f64; ORIGINS]> {
        let of_host = |host: usize| {
            let mut sums = [0.0; ORIGINS];
            for (other, (home, step)) in self.homes.iter().zip(self.steps_of(host)).enumerate() {
                // Who lives there does not visit.
                if other != host {
                    sums[home.slot] +=
                        home.size * fit.origins[other].0 * fit.decay.factors[usize::from(*step)];
                }
            }
            sums
        };
        (0..self.homes.len()).map(of_host).collect()
    }

    fn host(&self, ties: (&Noised, usize), code: MunicipalityCode, place: usize) -> Host {
        let drawn = drawn(ties, code);
        let mut sizes = [[0.0; STEPS]; ORIGINS];
        for (other, (home, step)) in self.homes.iter().zip(self.steps_of(place)).enumerate() {
            // Who lives there does not visit.
            if other != place {
                sizes[home.slot][usize::from(*step)] += home.size;
            }
        }
        let from = |(slot, sizes): (usize, [f64; STEPS])| {
            let sizes: Vec<(usize, f64)> =
                sizes.into_iter().enumerate().filter(|(_, size)| *size > 0.0).collect();
            let value = drawn.map_or(0.0, |drawn| f64::from(drawn[slot]));
            From { slot, value, sizes }
        };
        let from = sizes.into_iter().enumerate().map(from).filter(|from| !from.sizes.is_empty());
        Host { from: from.collect() }
    }

    fn steps_of(&self, place: usize) -> &[u8] {
        &self.steps[place * self.homes.len()..(place + 1) * self.homes.len()]
    }

    /// Devices from a municipality that a host would have, of those from its prefecture; `None` where that is nobody.
    pub(super) fn expected(
        &self,
        ties: (&Noised, usize),
        fit: &Fit,
        host: MunicipalityCode,
        other: MunicipalityCode,
    ) -> Option<Expected> {
        self.of_pair(drawn(ties, host)?, fit, *self.places.get(&host)?, *self.places.get(&other)?)
    }

    /// The same of places, with the host's ties by prefecture: there are three million pairs.
    fn of_pair(&self, drawn: &[i32], fit: &Fit, place: usize, origin: usize) -> Option<Expected> {
        let home = &self.homes[origin];
        let of_prefecture = f64::from(drawn[home.slot]);
        let (step, (goes, of_goes)) = (usize::from(self.steps_of(place)[origin]), fit.origins[origin]);
        let factor = fit.decay.factors[step] * goes;
        let part = home.size * factor / fit.sums[place][home.slot].max(f64::MIN_POSITIVE);
        let devices = of_prefecture * part;
        let of_ties = (of_prefecture + self.sigma * self.sigma) / (of_prefecture * of_prefecture);
        let of_fit = of_goes + fit.decay.relative_variances[step];
        let relative_variance = of_ties + home.relative_variance + of_fit;
        (devices > 0.0).then_some(Expected { devices, relative_variance })
    }
}

/// A host's ties of a class, by prefecture of origin.
fn drawn((ties, class): (&Noised, usize), host: MunicipalityCode) -> Option<&[i32]> {
    let drawn = ties.of_area(ties.layout().place(Area::Municipality(host))?);
    Some(&drawn[class * ORIGINS..(class + 1) * ORIGINS])
}

/// How much distance leaves of ties, by step, and the variance of that as a share of its square.
struct Decay {
    factors: [f64; STEPS],
    relative_variances: [f64; STEPS],
}

/// A host's ties, by prefecture of origin.
struct Host {
    from: Vec<From>,
}

/// Ties of a host from one prefecture, and the residents there by step of distance.
struct From {
    slot: usize,
    value: f64,
    sizes: Vec<(usize, f64)>,
}

impl From {
    fn at(&self, factors: &[f64; STEPS]) -> f64 {
        self.sizes.iter().map(|(step, size)| size * factors[*step]).sum()
    }
}

/// The factors with which ties are most likely, were they Poisson with a mean of what a host draws, times how much the
/// people of a prefecture are on the way, times residents, times the factor of their distance (Dempster, Laird and Rubin
/// 1977: a tie's step is what is not seen). A step whose ties are not more than their noise is drawn to 1, since nothing
/// is known of it.
fn fitted(hosts: &[Host], sigma: f64) -> Decay {
    let (mut factors, mut goes) = ([1.0; STEPS], [1.0; ORIGINS]);
    let mut relative_variances = [0.0; STEPS];
    for _ in 0..MOST_ROUNDS {
        let (mut ties, mut even, mut noise) = ([0.0; STEPS], [0.0; STEPS], [0.0; STEPS]);
        let (mut seen, mut meant) = ([0.0; ORIGINS], [0.0; ORIGINS]);
        for host in hosts {
            let all: f64 = host.from.iter().map(|from| from.value).sum();
            let weighed: f64 = host.from.iter().map(|from| goes[from.slot] * from.at(&factors)).sum();
            let draws = all.max(0.0) / weighed.max(f64::MIN_POSITIVE);
            for from in &host.from {
                let at = from.at(&factors).max(f64::MIN_POSITIVE);
                let mean = draws * goes[from.slot];
                seen[from.slot] += from.value;
                meant[from.slot] += mean * at;
                for (step, size) in &from.sizes {
                    let part = size * factors[*step] / at;
                    ties[*step] += from.value * part;
                    even[*step] += mean * size;
                    noise[*step] += (sigma * part).powi(2);
                }
            }
        }
        let mut next = [1.0; STEPS];
        for step in 0..STEPS {
            let unsure = noise[step].sqrt();
            if even[step] + unsure > 0.0 {
                let known = ties[step].max(0.0) + unsure;
                next[step] = known / (even[step] + unsure);
                relative_variances[step] = (ties[step].max(0.0) + noise[step]) / known.max(1.0).powi(2);
            }
        }
        for slot in 0..ORIGINS {
            if meant[slot] > 0.0 && seen[slot] > 0.0 {
                goes[slot] *= seen[slot] / meant[slot];
            }
        }
        // What hosts draw takes up any factor of all.
        let mean = next.iter().zip(&even).map(|(factor, even)| factor * even).sum::<f64>()
            / even.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        next.iter_mut().for_each(|factor| *factor /= mean.max(f64::MIN_POSITIVE));
        let is_still = factors.iter().zip(&next).all(|(before, after)| (after / before - 1.0).abs() < ENOUGH);
        factors = next;
        if is_still {
            break;
        }
    }
    Decay { factors, relative_variances }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts that see prefectures of some steps each, drawn by factors that are known.
    fn hosts(factors: &[f64; STEPS], scale: f64) -> Vec<Host> {
        let size =
            |host: usize, slot: usize, step: usize| ((host * 7 + slot * 5 + step * 3) % 11) as f64 * 10.0;
        let host = |host: usize| {
            let draws = scale * (1.0 + (host % 5) as f64);
            let from = |slot: usize| {
                let steps = (0..STEPS).filter(|step| (step + host + slot).is_multiple_of(3));
                let sizes: Vec<(usize, f64)> = steps
                    .map(|step| (step, size(host, slot, step)))
                    .filter(|(_, size)| *size > 0.0)
                    .collect();
                let mut from = From { slot, value: 0.0, sizes };
                from.value = draws * from.at(factors);
                from
            };
            Host { from: (0..12).map(from).collect() }
        };
        (0..120).map(host).collect()
    }

    #[test]
    fn the_decay_that_ties_were_made_with_is_found_again() {
        let known: [f64; STEPS] = std::array::from_fn(|step| 4.0 / (1.0 + step as f64));
        let found = fitted(&hosts(&known, 1.0), 1.0).factors;
        for step in 1..STEPS {
            let (ratio, wanted) = (found[step] / found[0], known[step] / known[0]);
            // Of factors that are up to thirty times as large as others, within a third, when the fit ends.
            assert!((ratio / wanted - 1.0).abs() < 0.34, "{step}: {ratio} {wanted}");
        }
    }

    #[test]
    fn where_noise_is_all_that_there_is_distance_says_nothing() {
        let known: [f64; STEPS] = std::array::from_fn(|step| 4.0 / (1.0 + step as f64));
        let found = fitted(&hosts(&known, 1e-4), 10.0).factors;
        assert!(found.iter().all(|factor| (factor - 1.0).abs() < 0.1), "{found:?}");
    }
}
