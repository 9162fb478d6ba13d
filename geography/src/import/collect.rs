//! Cleaning features and gathering them, layer by layer.
//!
//! In: a [`Feature`] as its file has it. Out: a [`Gathered`] of all layers: polygons under what they go by, and
//! every skip and repair counted. [`clean`] is pure, so that lines can be cleaned in parallel; the [`Collector`]
//! gathers in the file's order. A layer that holds no areas leaves nothing but its name: an archive has tables of
//! other things beside its borders.

use std::collections::BTreeMap;

use super::Progress;
use super::attributes::{Attributes, CodeColumn, Key};
use super::report::{ImportReport, Skip};
use crate::GeographyError;
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring, RingFault};

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
    /// The reference system that its layer states, if it is not of degrees.
    pub(super) other_crs: Option<String>,
}

/// What a feature became.
pub(super) struct Cleaned {
    outcome: Result<(Key, Vec<Polygon>), Skip>,
    repairs: Repairs,
    /// The names of its attributes, where the key is not among them.
    names: Vec<String>,
    other_crs: Option<String>,
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
    let outcome = feature.attributes.key(column).and_then(|key| {
        let raw = feature.polygons?;
        let mut polygons = Vec::with_capacity(raw.len());
        for rings in raw {
            polygons.extend(clean_polygon(rings, &mut repairs)?);
        }
        if polygons.is_empty() { Err(Skip::Degenerate) } else { Ok((key, polygons)) }
    });
    Cleaned { outcome, repairs, names: feature.attributes.seen, other_crs: feature.other_crs }
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
        Err(RingFault::LatitudeFirst) => Err(Skip::LatitudeFirst),
    }
}

/// A polygon as it was gathered.
pub(super) struct GatheredPolygon {
    pub(super) key: Key,
    /// Position of its layer in [`Gathered::layers`].
    pub(super) layer: usize,
    pub(super) polygon: Polygon,
}

/// What features became.
#[derive(Default)]
pub(super) struct Gathered {
    /// The layers that hold areas, by name.
    pub(super) layers: Vec<String>,
    pub(super) polygons: Vec<GatheredPolygon>,
    /// Features that gave polygons, by what they go by.
    pub(super) features: BTreeMap<Key, u64>,
    pub(super) skips: BTreeMap<Skip, u64>,
    /// The attributes of the first feature that lacks the key.
    attributes: Vec<String>,
    pub(super) other_crs: Option<String>,
    pub(super) report: ImportReport,
}

impl Gathered {
    fn add(&mut self, cleaned: Cleaned, layer: usize) {
        let report = &mut self.report;
        report.features += 1;
        report.rings_closed += cleaned.repairs.rings_closed;
        report.rings_dropped += cleaned.repairs.rings_dropped;
        report.repeated_points_removed += cleaned.repairs.repeated_points;
        report.degenerate_polygons += cleaned.repairs.degenerate_polygons;
        if self.attributes.is_empty() {
            self.attributes = cleaned.names;
        }
        if self.other_crs.is_none() {
            self.other_crs = cleaned.other_crs;
        }
        match cleaned.outcome {
            Ok((key, polygons)) => {
                *self.features.entry(key).or_default() += 1;
                let gathered = polygons.into_iter().map(|polygon| GatheredPolygon { key, layer, polygon });
                self.polygons.extend(gathered);
            }
            Err(skip) => *self.skips.entry(skip).or_default() += 1,
        }
    }

    /// Adds another layer's.
    fn absorb(&mut self, mut layer: Self) {
        self.layers.append(&mut layer.layers);
        self.polygons.append(&mut layer.polygons);
        for (key, features) in layer.features {
            *self.features.entry(key).or_default() += features;
        }
        for (skip, features) in layer.skips {
            *self.skips.entry(skip).or_default() += features;
        }
        let (report, of_layer) = (&mut self.report, layer.report);
        report.features += of_layer.features;
        report.rings_closed += of_layer.rings_closed;
        report.rings_dropped += of_layer.rings_dropped;
        report.repeated_points_removed += of_layer.repeated_points_removed;
        report.degenerate_polygons += of_layer.degenerate_polygons;
        report.layers_ignored.extend(of_layer.layers_ignored);
        if self.attributes.is_empty() {
            self.attributes = layer.attributes;
        }
        self.other_crs = self.other_crs.take().or(layer.other_crs);
    }

    /// Features that were skipped because their coordinates are no degrees.
    pub(super) fn not_degrees(&self) -> u64 {
        let of = |skip| self.skips.get(&skip).copied().unwrap_or_default();
        of(Skip::NotDegrees) + of(Skip::LatitudeFirst)
    }

    /// Whether something in it is worth more than its name: areas, or a reason why they could not be read.
    fn holds_areas(&self) -> bool {
        !self.polygons.is_empty() || self.not_degrees() > 0
    }

    /// Why there is nothing, in words.
    pub(super) fn what_was_found(&self) -> String {
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

/// Gathers what features became, one layer after the other.
pub(super) struct Collector<'p> {
    /// File names that may say the edition, the best first.
    pub(super) names: Vec<String>,
    /// The layers that there are, of which one may have been asked for.
    pub(super) offered: Vec<String>,
    /// Which attribute holds the code.
    pub(super) column: CodeColumn,
    progress: &'p mut dyn FnMut(Progress),
    /// Where a folder is read: bytes of the files before this one, its own, and of all.
    span: Option<[u64; 3]>,
    /// The layer that is being read.
    layer: Gathered,
    /// The layers that have been.
    gathered: Gathered,
    /// The layers without areas, which say what was found where there is nothing else.
    empty: Gathered,
}

impl<'p> Collector<'p> {
    pub(super) fn new(column: CodeColumn, progress: &'p mut dyn FnMut(Progress)) -> Self {
        Self {
            names: Vec::new(),
            offered: Vec::new(),
            column,
            progress,
            span: None,
            layer: Gathered::default(),
            gathered: Gathered::default(),
            empty: Gathered::default(),
        }
    }

    /// Reads one layer. Returns whether it holds areas; if not, only its name is kept.
    ///
    /// # Errors
    /// What `read` returns; with `may_be_other`, only once a feature has been read: until then a file that breaks
    /// the rules of its format may be of another.
    pub(super) fn read_layer(
        &mut self,
        name: &str,
        may_be_other: bool,
        read: impl FnOnce(&mut Self) -> Result<(), GeographyError>,
    ) -> Result<bool, GeographyError> {
        self.layer = Gathered::default();
        let outcome = read(self);
        let mut layer = std::mem::take(&mut self.layer);
        match outcome {
            Err(GeographyError::Malformed { .. }) if may_be_other && layer.report.features == 0 => {}
            outcome => outcome?,
        }
        let holds_areas = layer.holds_areas();
        if holds_areas {
            self.names.push(name.to_owned());
            layer.layers.push(name.to_owned());
            self.gathered.absorb(layer);
        } else {
            self.ignore_layer(name);
            layer.layers.push(name.to_owned());
            self.empty.absorb(layer);
        }
        Ok(holds_areas)
    }

    pub(super) fn add(&mut self, cleaned: Cleaned) {
        let position = self.gathered.layers.len();
        self.layer.add(cleaned, position);
    }

    pub(super) fn ignore_layer(&mut self, name: &str) {
        self.gathered.report.layers_ignored.push(name.to_owned());
    }

    /// Whether no layer has been read, not even one without areas.
    pub(super) fn has_read_nothing(&self) -> bool {
        self.gathered.layers.is_empty() && self.empty.layers.is_empty()
    }

    /// Whether the files of a folder are read.
    pub(super) fn is_in_folder(&self) -> bool {
        self.span.is_some()
    }

    /// Says which part of all bytes the next file is.
    pub(super) fn within(&mut self, before: u64, own: u64, all: u64) {
        self.span = Some([before, own, all]);
    }

    /// Tells how far the import is.
    pub(super) fn tell(&mut self, bytes_read: u64, bytes_total: u64) {
        let features = self.gathered.report.features + self.layer.report.features;
        let (bytes_read, bytes_total) = match self.span {
            // What is read of an archive are unpacked bytes.
            Some([before, own, all]) => {
                let share = bytes_read as f64 / bytes_total.max(1) as f64;
                (before + (own as f64 * share) as u64, all)
            }
            None => (bytes_read, bytes_total),
        };
        (self.progress)(Progress { bytes_read: bytes_read.min(bytes_total), bytes_total, features });
    }

    /// Features of this layer so far.
    pub(super) fn features(&self) -> u64 {
        self.layer.report.features
    }

    /// All that was gathered; of the layers without areas where there is no other.
    pub(super) fn finish(self) -> Gathered {
        let mut gathered = self.gathered;
        if gathered.layers.is_empty() {
            gathered.absorb(Gathered { layers: Vec::new(), ..self.empty });
        }
        gathered
    }
}
