//! Cleaning features and gathering them.
//!
//! In: a [`Feature`] as its file has it. Out: polygons under a code, and every skip and repair counted.
//! [`clean`] is pure, so that lines can be cleaned in parallel; the [`Collector`] gathers in the file's
//! order.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use rayon::prelude::*;

use super::Progress;
use super::attributes::{Attributes, CodeColumn};
use super::report::{ImportReport, Skip, Skipped};
use super::source::SourceFile;
use crate::GeographyError;
use crate::boundaries::ring::Point;
use crate::boundaries::{BoundarySet, Polygon, Ring, RingFault};

/// Rings as a file has them, exterior first.
pub(super) type RawPolygon = Vec<Vec<Point>>;

/// Attribute names that an error lists before it breaks off.
const NAMES_TOLD: usize = 12;

/// One feature of a file.
pub(super) struct Feature {
    pub(super) attributes: Attributes,
    /// Or why there are none.
    pub(super) polygons: Result<Vec<RawPolygon>, Skip>,
    /// Holes that lie in no exterior of the feature and are left out.
    pub(super) orphan_holes: u64,
}

/// What a feature became.
pub(super) struct Cleaned {
    outcome: Result<(MunicipalityCode, Vec<Polygon>), Skip>,
    repairs: Repairs,
    /// The names of its attributes, where the key is not among them.
    names: Vec<String>,
}

#[derive(Default)]
struct Repairs {
    rings_closed: u64,
    rings_dropped: u64,
    repeated_points: u64,
    degenerate_polygons: u64,
}

/// Repairs what can be repaired and decides what the feature is.
pub(super) fn clean(feature: Feature, column: &CodeColumn) -> Cleaned {
    let mut repairs = Repairs { rings_dropped: feature.orphan_holes, ..Repairs::default() };
    let outcome = feature.attributes.code(column).and_then(|code| {
        let raw = feature.polygons?;
        let mut polygons = Vec::with_capacity(raw.len());
        for rings in raw {
            polygons.extend(clean_polygon(rings, &mut repairs)?);
        }
        if polygons.is_empty() { Err(Skip::Degenerate) } else { Ok((code, polygons)) }
    });
    Cleaned { outcome, repairs, names: feature.attributes.seen }
}

fn clean_polygon(rings: RawPolygon, repairs: &mut Repairs) -> Result<Option<Polygon>, Skip> {
    let mut rings = rings.into_iter();
    let exterior = match rings.next() {
        Some(exterior) => clean_ring(exterior, repairs)?,
        None => None,
    };
    let Some(exterior) = exterior else {
        repairs.degenerate_polygons += 1;
        return Ok(None);
    };
    let mut holes = Vec::new();
    for hole in rings {
        holes.extend(clean_ring(hole, repairs)?);
    }
    Ok(Some(Polygon::new(exterior, holes)))
}

fn clean_ring(points: Vec<Point>, repairs: &mut Repairs) -> Result<Option<Ring>, Skip> {
    match Ring::new(points) {
        Ok((ring, repaired)) => {
            repairs.rings_closed += u64::from(repaired.closed);
            repairs.repeated_points += repaired.repeated_points;
            Ok(Some(ring))
        }
        Err(RingFault::TooFewPoints) => {
            repairs.rings_dropped += 1;
            Ok(None)
        }
        Err(RingFault::NotDegrees) => Err(Skip::NotDegrees),
    }
}

/// Gathers what features became.
pub(super) struct Collector<'p> {
    /// File names that may say the edition, the best first.
    pub(super) names: Vec<String>,
    /// Which attribute holds the code.
    pub(super) column: CodeColumn,
    progress: &'p mut dyn FnMut(Progress),
    polygons: Vec<(MunicipalityCode, Polygon)>,
    /// Features under `PP000`.
    undetermined: BTreeMap<MunicipalityCode, u64>,
    skips: BTreeMap<Skip, u64>,
    /// The attributes of the first feature that lacks the key.
    attributes: Vec<String>,
    report: ImportReport,
}

impl<'p> Collector<'p> {
    pub(super) fn new(column: CodeColumn, progress: &'p mut dyn FnMut(Progress)) -> Self {
        Self {
            names: Vec::new(),
            column,
            progress,
            polygons: Vec::new(),
            undetermined: BTreeMap::new(),
            skips: BTreeMap::new(),
            attributes: Vec::new(),
            report: ImportReport::default(),
        }
    }

    pub(super) fn add(&mut self, cleaned: Cleaned) {
        let report = &mut self.report;
        report.features += 1;
        report.rings_closed += cleaned.repairs.rings_closed;
        report.rings_dropped += cleaned.repairs.rings_dropped;
        report.repeated_points_removed += cleaned.repairs.repeated_points;
        report.degenerate_polygons += cleaned.repairs.degenerate_polygons;
        if self.attributes.is_empty() {
            self.attributes = cleaned.names;
        }
        match cleaned.outcome {
            Ok((code, polygons)) => {
                if code.is_undetermined() {
                    *self.undetermined.entry(code).or_default() += 1;
                }
                self.polygons.extend(polygons.into_iter().map(|polygon| (code, polygon)));
            }
            Err(skip) => *self.skips.entry(skip).or_default() += 1,
        }
    }

    pub(super) fn ignore_layer(&mut self, name: &str) {
        self.report.layers_ignored.push(name.to_owned());
    }

    /// Tells how far the import is.
    pub(super) fn tell(&mut self, bytes_read: u64, bytes_total: u64) {
        let features = self.report.features;
        (self.progress)(Progress { bytes_read: bytes_read.min(bytes_total), bytes_total, features });
    }

    /// Features gathered so far.
    pub(super) fn features(&self) -> u64 {
        self.report.features
    }

    pub(super) fn finish(
        mut self,
        source: &SourceFile,
        edition: String,
    ) -> Result<(BoundarySet, ImportReport), GeographyError> {
        if self.column != CodeColumn::N03 {
            self.leave_out_prefectures();
        }
        if self.polygons.is_empty() {
            return Err(GeographyError::no_areas(&source.path, self.column.name(), self.what_was_found()));
        }
        let mut report = self.report;
        report.skipped =
            self.skips.iter().map(|(skip, &features)| Skipped { reason: skip.reason(), features }).collect();
        report.undetermined_features = self.undetermined.values().sum();
        let set = BoundarySet::new(edition, source.identity.clone(), self.polygons);
        let counts = set.counts();
        report.edition = set.edition().to_owned();
        report.code_column = self.column.name().map(str::to_owned);
        report.credit = Some(set.credit().to_owned()).filter(|credit| !credit.is_empty());
        report.units = counts.units;
        report.polygons = counts.polygons;
        report.vertices = counts.vertices;
        (report.rings_crossing_themselves, report.holes_outside_exterior) = faults(&set);
        report.say_treatments();
        Ok((set, report))
    }

    /// Leaves out `PP000` where other codes of `PP` stand beside it. In a named column it may be the whole
    /// prefecture, and as the lowest code it would take all points from its municipalities.
    fn leave_out_prefectures(&mut self) {
        let divided: BTreeSet<PrefectureCode> = self
            .polygons
            .iter()
            .filter(|(code, _)| !code.is_undetermined())
            .map(|(code, _)| code.prefecture())
            .collect();
        let is_divided =
            |code: MunicipalityCode| code.is_undetermined() && divided.contains(&code.prefecture());
        self.polygons.retain(|(code, _)| !is_divided(*code));
        let features: u64 =
            self.undetermined.extract_if(.., |code, _| is_divided(*code)).map(|(_, n)| n).sum();
        if features > 0 {
            self.skips.insert(Skip::PrefectureOrNobody, features);
        }
    }

    fn what_was_found(&self) -> String {
        let Some((skip, features)) = self.skips.iter().max_by_key(|(_, features)| **features) else {
            return "it has no features".to_owned();
        };
        let reason = skip.reason();
        let found =
            format!("of its {} features, {features} were skipped because: {reason}", self.report.features);
        if self.attributes.is_empty() {
            return found;
        }
        let names = self.attributes.iter().take(NAMES_TOLD).map(|name| format!("`{name}`"));
        let more = if self.attributes.len() > NAMES_TOLD { " and more" } else { "" };
        format!("{found} (attributes are {}{more})", names.collect::<Vec<_>>().join(", "))
    }
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
