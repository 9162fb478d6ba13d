//! Cleaning features and gathering them.
//!
//! In: a [`Feature`] as its file has it. Out: polygons under a code, and every skip and repair counted.
//! [`clean`] is pure, so that lines can be cleaned in parallel; the [`Collector`] gathers in the file's order.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;

use super::Progress;
use super::attributes::Attributes;
use super::report::{ImportReport, Skip, Skipped};
use super::source::SourceFile;
use crate::GeographyError;
use crate::boundaries::ring::Point;
use crate::boundaries::{BoundarySet, Polygon, Ring, RingFault};

/// Rings as a file has them, exterior first.
pub(super) type RawPolygon = Vec<Vec<Point>>;

/// One feature of a file.
pub(super) struct Feature {
    pub(super) attributes: Attributes,
    /// `None`: the geometry is missing or no polygon.
    pub(super) polygons: Option<Vec<RawPolygon>>,
    /// Holes that lie in no exterior of the feature and are left out.
    pub(super) orphan_holes: u64,
}

/// What a feature became.
pub(super) struct Cleaned {
    outcome: Result<(MunicipalityCode, Vec<Polygon>), Skip>,
    repairs: Repairs,
}

#[derive(Default)]
struct Repairs {
    rings_closed: u64,
    rings_dropped: u64,
    repeated_points: u64,
    degenerate_polygons: u64,
}

/// Repairs what can be repaired and decides what the feature is.
pub(super) fn clean(feature: Feature) -> Cleaned {
    let mut repairs = Repairs { rings_dropped: feature.orphan_holes, ..Repairs::default() };
    let outcome = feature.attributes.code().and_then(|code| {
        let raw = feature.polygons.ok_or(Skip::NotPolygon)?;
        let mut polygons = Vec::with_capacity(raw.len());
        for rings in raw {
            polygons.extend(clean_polygon(rings, &mut repairs)?);
        }
        if polygons.is_empty() { Err(Skip::Degenerate) } else { Ok((code, polygons)) }
    });
    Cleaned { outcome, repairs }
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
    progress: &'p mut dyn FnMut(Progress),
    polygons: Vec<(MunicipalityCode, Polygon)>,
    skips: BTreeMap<Skip, u64>,
    report: ImportReport,
}

impl<'p> Collector<'p> {
    pub(super) fn new(progress: &'p mut dyn FnMut(Progress)) -> Self {
        Self {
            names: Vec::new(),
            progress,
            polygons: Vec::new(),
            skips: BTreeMap::new(),
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
        match cleaned.outcome {
            Ok((code, polygons)) => {
                report.undetermined_features += u64::from(code.is_undetermined());
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
        if self.polygons.is_empty() {
            return Err(GeographyError::not_n03(&source.path, self.what_was_found()));
        }
        self.report.skipped =
            self.skips.iter().map(|(skip, &features)| Skipped { reason: skip.reason(), features }).collect();
        let set = BoundarySet::new(edition, source.identity.clone(), self.polygons);
        let counts = set.counts();
        self.report.edition = set.edition().to_owned();
        self.report.units = counts.units;
        self.report.polygons = counts.polygons;
        self.report.vertices = counts.vertices;
        Ok((set, self.report))
    }

    fn what_was_found(&self) -> String {
        let most = self.skips.iter().max_by_key(|(_, features)| **features);
        match most {
            None => "it has no features".to_owned(),
            Some((skip, features)) => {
                format!(
                    "of its {} features, {features} were skipped because: {}",
                    self.report.features,
                    skip.reason()
                )
            }
        }
    }
}
