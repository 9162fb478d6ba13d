//! The municipality as a careful user of the two best-known crates would find it: `geo` over an R-tree.
//!
//! In: boundaries. Out: for a point, the lowest code of which a polygon covers it. Crate `geo` is asked about
//! every polygon whose box holds the point, and reads it whole. An oracle here, a peer in `bench_place`.

use geo::Intersects as _;
use kayoi_geography::boundaries::ring::{Point, Ring};
use kayoi_geography::boundaries::{BoundarySet, Polygon};
use kayoi_schemas::ids::MunicipalityCode;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type Boxed = GeomWithData<Rectangle<Point>, (MunicipalityCode, geo::Polygon)>;

pub(crate) struct Naive(RTree<Boxed>);

impl Naive {
    pub(crate) fn of(set: &BoundarySet) -> Self {
        let line = |ring: &Ring| geo::LineString::from(ring.points().to_vec());
        let boxed = |(code, polygon): (MunicipalityCode, &Polygon)| {
            let (low, high) = polygon.exterior().bounds();
            let geometry =
                geo::Polygon::new(line(polygon.exterior()), polygon.holes().iter().map(line).collect());
            GeomWithData::new(Rectangle::from_corners(low, high), (code, geometry))
        };
        Self(RTree::bulk_load(set.polygons().map(boxed).collect()))
    }

    pub(crate) fn municipality_at(&self, point: Point) -> Option<MunicipalityCode> {
        self.0
            .locate_in_envelope_intersecting(AABB::from_point(point))
            .map(|boxed| &boxed.data)
            .filter(|(_, polygon)| polygon.intersects(&geo::Point::from(point)))
            .map(|(code, _)| *code)
            .min()
    }
}
