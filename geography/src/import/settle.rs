//! From what was gathered to a [`BoundarySet`]: the codes of the whole file are read, and what stands twice is read
//! once.
//!
//! In: a [`Gathered`]. Out: the set and its report, or why there is none: coordinates that are no degrees, codes
//! that may be meant in two ways, two layers that draw the same unit differently.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use rayon::prelude::*;

use super::attributes::{CodeColumn, Key};
use super::code::{CodesUnclear, Digits, digits_of};
use super::collect::{Gathered, GatheredPolygon};
use super::report::{ImportReport, Skip, Skipped};
use super::{ImportOptions, edition};
use crate::boundaries::overlap::Overlaps;
use crate::boundaries::{BoundarySet, Polygon, Source};
use crate::{CodeHistory, GeographyError};

/// Codes that a report names before it breaks off.
const CODES_TOLD: usize = 5;
/// Of a unit's land, the share that two layers may both draw before they are taken for two drawings of the unit.
const LARGEST_SHARED_PART: f64 = 0.01;

/// A polygon under its code.
struct Coded {
    code: MunicipalityCode,
    layer: usize,
    polygon: Polygon,
}

/// Makes the set of what was gathered from a file or folder.
///
/// # Errors
/// [`GeographyError`] when it holds no areas, or what it holds may be meant in two ways.
pub(super) fn settle(
    path: &Path,
    source: Source,
    edition: String,
    options: &ImportOptions,
    mut gathered: Gathered,
) -> Result<(BoundarySet, ImportReport), GeographyError> {
    let column = options.column();
    if let Some(crs) = gathered.other_crs.take() {
        return Err(GeographyError::OtherCrs { path: path.to_owned(), crs });
    }
    check_degrees(path, &gathered)?;
    check_editions(path, &gathered.layers)?;
    let digits = match options.code_digits {
        Some(digits) => digits,
        None => digits(path, &gathered.features)?,
    };
    let (mut coded, mut undetermined) = coded(&mut gathered, digits);
    if column != CodeColumn::N03 {
        leave_out_prefectures(&mut coded, &mut undetermined, &mut gathered.skips);
    }
    if coded.is_empty() {
        return Err(GeographyError::no_areas(path, column.name(), gathered.what_was_found()));
    }
    if coded.iter().all(|one| one.code.is_undetermined()) {
        return Err(GeographyError::no_areas(
            path,
            column.name(),
            "all of its codes end in 000, as those of whole prefectures",
        ));
    }
    let mut report = gathered.report;
    report.polygons_read_once = leave_out_repeated(&mut coded);
    let in_several = in_several_layers(&coded);
    report.units_in_several_layers = in_several.len() as u64;
    report.skipped =
        gathered.skips.iter().map(|(skip, &features)| Skipped { reason: skip.reason(), features }).collect();
    report.undetermined_features = undetermined.values().sum();
    let set = BoundarySet::new(edition, source, coded.into_iter().map(|one| (one.code, one.polygon)));
    let overlaps = Overlaps::of(&set);
    check_layers(path, &set, &overlaps, &in_several, &gathered.layers)?;
    fill(&mut report, &set, overlaps);
    report.code_column = column.name().map(str::to_owned);
    report.say_treatments();
    Ok((set, report))
}

/// Most of the features decide: a stray one is skipped and counted.
fn check_degrees(path: &Path, gathered: &Gathered) -> Result<(), GeographyError> {
    let features: u64 = gathered.features.values().sum();
    let swapped = gathered.skips.get(&Skip::LatitudeFirst).copied().unwrap_or_default();
    let not_degrees = gathered.not_degrees();
    if not_degrees <= features {
        return Ok(());
    }
    let (path, all) = (path.to_owned(), not_degrees + features);
    Err(if 2 * swapped > not_degrees {
        GeographyError::LatitudeFirst { path, swapped, all }
    } else {
        GeographyError::NotDegrees { path, not_degrees, all }
    })
}

/// Two editions of a place are not one set of borders.
fn check_editions(path: &Path, layers: &[String]) -> Result<(), GeographyError> {
    let editions: BTreeMap<String, &String> =
        layers.iter().rev().filter_map(|name| Some((edition::of_name(name)?, name))).collect();
    if editions.len() < 2 {
        return Ok(());
    }
    let editions = editions.iter().map(|(edition, name)| format!("{edition} (as `{name}`)"));
    let editions = editions.collect::<Vec<_>>().join(", ");
    Err(GeographyError::SeveralEditions { path: path.to_owned(), editions })
}

fn digits(path: &Path, features: &BTreeMap<Key, u64>) -> Result<Digits, GeographyError> {
    let mut written = BTreeSet::new();
    let mut are_n03 = true;
    for key in features.keys() {
        if let Key::Written { code, is_n03, .. } = key {
            written.insert(*code);
            are_n03 &= is_n03;
        }
    }
    let history = CodeHistory::japan();
    let otherwise = are_n03.then_some(Digits::Five);
    digits_of(&written, otherwise, |code| history.is_known(code)).map_err(|unclear| {
        let path = path.to_owned();
        match unclear {
            CodesUnclear::Mixed { five, five_example, six, six_example } => {
                GeographyError::MixedCodes { path, five, five_example, six, six_example }
            }
            CodesUnclear::Ambiguous { codes, example, as_five, as_six } => {
                GeographyError::AmbiguousCodes { path, codes, example, as_five, as_six }
            }
        }
    })
}

/// The features of 所属未定地, by code.
type Undetermined = BTreeMap<MunicipalityCode, u64>;

/// Reads the codes. What cannot be read is counted as skipped.
fn coded(gathered: &mut Gathered, digits: Digits) -> (Vec<Coded>, Undetermined) {
    let mut codes: BTreeMap<Key, MunicipalityCode> = BTreeMap::new();
    let mut undetermined = Undetermined::new();
    for (&key, &features) in &gathered.features {
        match read(key, digits) {
            Ok(code) => {
                codes.insert(key, code);
                if code.is_undetermined() {
                    *undetermined.entry(code).or_default() += features;
                }
            }
            Err(skip) => *gathered.skips.entry(skip).or_default() += features,
        }
    }
    let polygons = std::mem::take(&mut gathered.polygons).into_iter();
    let coded = polygons.filter_map(|GatheredPolygon { key, layer, polygon }| {
        codes.get(&key).map(|&code| Coded { code, layer, polygon })
    });
    (coded.collect(), undetermined)
}

fn read(key: Key, digits: Digits) -> Result<MunicipalityCode, Skip> {
    match key {
        Key::Undetermined(code) => Ok(code),
        Key::Written { code, is_unnamed, .. } => {
            let code = code.read(digits)?;
            if is_unnamed && code.is_undetermined() { Err(Skip::PrefectureOutline) } else { Ok(code) }
        }
    }
}

/// Leaves out `PP000` where other codes of `PP` stand beside it. In a named column it may be the whole
/// prefecture, and as the lowest code it would take all points from its municipalities.
fn leave_out_prefectures(
    coded: &mut Vec<Coded>,
    undetermined: &mut Undetermined,
    skips: &mut BTreeMap<Skip, u64>,
) {
    let divided: BTreeSet<PrefectureCode> = coded
        .iter()
        .map(|one| one.code)
        .filter(|code| !code.is_undetermined())
        .map(|code| code.prefecture())
        .collect();
    let is_divided = |code: MunicipalityCode| code.is_undetermined() && divided.contains(&code.prefecture());
    coded.retain(|one| !is_divided(one.code));
    let features: u64 = undetermined.extract_if(.., |code, _| is_divided(*code)).map(|(_, n)| n).sum();
    if features > 0 {
        skips.insert(Skip::PrefectureOrNobody, features);
    }
}

/// Leaves out polygons that the same code has had before, to the last bit. Returns how many.
fn leave_out_repeated(coded: &mut Vec<Coded>) -> u64 {
    let mark = |one: &Coded| {
        let points = one.polygon.exterior().points();
        (one.code, points.len(), points[0].map(f64::to_bits), points[points.len() / 2].map(f64::to_bits))
    };
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    let mut repeated = vec![false; coded.len()];
    for (position, one) in coded.iter().enumerate() {
        let before = alike.entry(mark(one)).or_default();
        repeated[position] = before.iter().any(|&other| coded[other].polygon == one.polygon);
        before.push(position);
    }
    let mut is_repeated = repeated.iter();
    coded.retain(|_| !is_repeated.next().copied().unwrap_or_default());
    repeated.iter().filter(|is_repeated| **is_repeated).count() as u64
}

/// The codes whose land stands in several layers, with the first two of them.
fn in_several_layers(coded: &[Coded]) -> BTreeMap<MunicipalityCode, [usize; 2]> {
    let mut layers: BTreeMap<MunicipalityCode, BTreeSet<usize>> = BTreeMap::new();
    coded.iter().for_each(|one| {
        layers.entry(one.code).or_default().insert(one.layer);
    });
    let two = layers.into_iter().filter_map(|(code, layers)| {
        let mut layers = layers.into_iter();
        Some((code, [layers.next()?, layers.next()?]))
    });
    two.collect()
}

/// Pieces of a unit may stand in several layers; two drawings of it may not.
fn check_layers(
    path: &Path,
    set: &BoundarySet,
    overlaps: &Overlaps,
    in_several: &BTreeMap<MunicipalityCode, [usize; 2]>,
    layers: &[String],
) -> Result<(), GeographyError> {
    for unit in set.units().iter().filter(|unit| in_several.contains_key(&unit.code)) {
        let Some(&[one, other]) = in_several.get(&unit.code) else { continue };
        let (Some(one), Some(other)) = (layers.get(one), layers.get(other)) else { continue };
        if overlaps.twice_km2(unit.code) > LARGEST_SHARED_PART * unit.area_km2() {
            return Err(GeographyError::DrawnTwice {
                path: path.to_owned(),
                code: unit.code,
                one: one.clone(),
                other: other.clone(),
            });
        }
    }
    Ok(())
}

fn fill(report: &mut ImportReport, set: &BoundarySet, overlaps: Overlaps) {
    let counts = set.counts();
    report.edition = set.edition().to_owned();
    report.credit = Some(set.credit().to_owned()).filter(|credit| !credit.is_empty());
    report.units = counts.units;
    report.polygons = counts.polygons;
    report.vertices = counts.vertices;
    let history = CodeHistory::japan();
    let unknown = set.units().iter().map(|unit| unit.code).filter(|&code| !history.is_known(code));
    let unknown: Vec<String> = unknown.map(|code| code.to_string()).collect();
    report.units_never_in_use = unknown.len() as u64;
    report.codes_never_in_use = unknown.into_iter().take(CODES_TOLD).collect();
    (report.rings_crossing_themselves, report.holes_outside_exterior) = faults(set);
    (report.overlapping_pairs, report.overlapping_km2) = (overlaps.pairs(), overlaps.km2());
    report.overlaps = overlaps.largest();
}

/// How many rings cross or touch themselves, and how many holes reach outside their exterior.
fn faults(set: &BoundarySet) -> (u64, u64) {
    let polygons: Vec<&Polygon> = set.polygons().map(|(_, polygon)| polygon).collect();
    let faults = polygons.par_iter().map(|polygon| {
        let crossing = polygon.rings().filter(|ring| ring.crosses_itself()).count();
        (crossing as u64, polygon.holes_outside_exterior().count() as u64)
    });
    faults.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}
