use super::*;
use crate::cell::{Resolution, append_cells};
use h3o::EARTH_RADIUS_KM;
use proptest::prelude::*;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::{BTreeMap, HashSet};

fn cell(resolution: u8, latitude: f64, longitude: f64) -> CellIndex {
    LatLng::new(latitude, longitude).unwrap().to_cell(Resolution::try_from(resolution).unwrap())
}

fn table(index: CellIndex, level: MeshLevel) -> Vec<MeshShare> {
    shares(Cell::from_h3(index.into()), level).unwrap()
}

/// The area on the sphere, from the formula for a rectangle of meridians and parallels.
fn mesh_km2(mesh: MeshCode) -> f64 {
    let bounds = mesh.bounds();
    let width = (f64::from(bounds.span) / 640.0).to_radians();
    EARTH_RADIUS_KM.powi(2) * width * (bounds.north().to_radians().sin() - bounds.south().to_radians().sin())
}

/// Cells whose outline bends where it crosses an edge of the icosahedron.
fn distorted_cells(resolution: u8) -> Vec<CellIndex> {
    let mut random = SmallRng::seed_from_u64(7);
    let mut points = || cell(resolution, random.random_range(24.0..46.0), random.random_range(123.0..146.0));
    std::iter::repeat_with(&mut points)
        .take(200_000)
        .filter(|index| !index.is_pentagon() && index.boundary().len() > 6)
        .take(3)
        .collect()
}

/// The pentagon off Dalian, the nearest to Japan.
fn pentagon(resolution: u8) -> CellIndex {
    let resolution = Resolution::try_from(resolution).unwrap();
    let pentagons = CellIndex::base_cells().filter(|base| base.is_pentagon());
    let mut centres = pentagons.filter_map(|base| base.center_child(resolution));
    centres
        .find(|index| {
            let centre = LatLng::from(*index);
            (30.0..45.0).contains(&centre.lat()) && (110.0..150.0).contains(&centre.lng())
        })
        .unwrap()
}

/// Shares by throwing points on the sphere and asking h3o which cell has them.
fn sampled(index: CellIndex, level: MeshLevel, wanted: usize) -> BTreeMap<MeshCode, f64> {
    let mut random = SmallRng::seed_from_u64(11);
    let boundary = index.boundary();
    let range = |values: Vec<f64>| {
        let low = values.iter().copied().fold(f64::MAX, f64::min);
        let high = values.iter().copied().fold(f64::MIN, f64::max);
        (low - 0.01 * (high - low), high + 0.01 * (high - low))
    };
    let (south, north) = range(boundary.iter().map(|corner| corner.lat_radians().sin()).collect());
    let (west, east) = range(boundary.iter().map(|corner| corner.lng()).collect());
    let (mut counts, mut hits) = (BTreeMap::new(), 0);
    while hits < wanted {
        let latitudes: Vec<f64> =
            (0..1_000).map(|_| random.random_range(south..north).asin().to_degrees()).collect();
        let longitudes: Vec<f64> = (0..1_000).map(|_| random.random_range(west..east)).collect();
        let mut cells = Vec::new();
        append_cells(index.resolution(), &latitudes, &longitudes, &mut cells);
        for ((latitude, longitude), found) in latitudes.iter().zip(&longitudes).zip(cells) {
            if found.h3() == u64::from(index) {
                hits += 1;
                *counts.entry(MeshCode::of_degrees(level, *latitude, *longitude).unwrap()).or_insert(0.0) +=
                    1.0;
            }
        }
    }
    counts.into_iter().map(|(mesh, count)| (mesh, count / hits as f64)).collect()
}

#[track_caller]
fn assert_as_sampled(index: CellIndex, level: MeshLevel) {
    const POINTS: usize = 40_000;
    let computed: BTreeMap<_, _> =
        table(index, level).into_iter().map(|part| (part.mesh, part.share)).collect();
    let sampled = sampled(index, level, POINTS);
    let meshes: HashSet<_> = computed.keys().chain(sampled.keys()).collect();
    for mesh in meshes {
        let computed = computed.get(mesh).copied().unwrap_or_default();
        let sampled = sampled.get(mesh).copied().unwrap_or_default();
        // Five standard errors of a binomial, and a few points for rare meshes.
        let tolerance = 5.0 * (computed * (1.0 - computed) / POINTS as f64).sqrt() + 1e-4;
        assert!((computed - sampled).abs() < tolerance, "{index} {mesh}: {computed} {sampled}");
    }
}

#[test]
fn shares_are_those_of_points_thrown_at_the_cell() {
    for (resolution, level) in [
        (5, MeshLevel::Second),
        (5, MeshLevel::Quintuple),
        (6, MeshLevel::Double),
        (7, MeshLevel::Third),
        (8, MeshLevel::Half),
        (9, MeshLevel::Quarter),
        (9, MeshLevel::Eighth),
        (11, MeshLevel::Eighth),
    ] {
        for (latitude, longitude) in [(24.4531, 122.9341), (35.658581, 139.745433), (45.5228, 141.9363)] {
            assert_as_sampled(cell(resolution, latitude, longitude), level);
        }
    }
}

#[test]
fn distorted_cells_and_a_pentagon_are_shared_out_too() {
    for resolution in [5, 7] {
        let distorted = distorted_cells(resolution);
        assert_eq!(distorted.len(), 3);
        for index in distorted.into_iter().chain([pentagon(resolution), pentagon(resolution + 1)]) {
            assert_as_sampled(index, if resolution == 5 { MeshLevel::Quintuple } else { MeshLevel::Third });
        }
    }
}

/// All cells that a mesh touches: found by a walk over neighbours from its centre.
fn cells_over(mesh: MeshCode, resolution: u8) -> Vec<(CellIndex, f64)> {
    let (latitude, longitude) = mesh.bounds().centre();
    let mut seen = HashSet::from([cell(resolution, latitude, longitude)]);
    let mut open: Vec<_> = seen.iter().copied().collect();
    let mut found = Vec::new();
    while let Some(index) = open.pop() {
        let share: f64 =
            table(index, mesh.level()).iter().filter(|part| part.mesh == mesh).map(|part| part.share).sum();
        if share > 0.0 {
            found.push((index, share));
            open.extend(index.grid_disk::<Vec<_>>(1).into_iter().filter(|&near| seen.insert(near)));
        }
    }
    found
}

#[test]
fn the_cells_over_a_mesh_add_up_to_its_area() {
    let distorted = distorted_cells(7).into_iter().map(LatLng::from);
    let places = distorted.chain([pentagon(7).into(), LatLng::new(35.658581, 139.745433).unwrap()]);
    for place in places {
        for (level, resolution, tolerance) in [
            // The cell's area is that between arcs, so the tolerance falls with the square of its side.
            (MeshLevel::First, 5, 1e-5),
            (MeshLevel::Second, 7, 1e-6),
            (MeshLevel::Third, 9, 1e-6),
            (MeshLevel::Third, 11, 1e-8),
            (MeshLevel::Eighth, 8, 1e-5),
        ] {
            let mesh = MeshCode::of_degrees(level, place.lat(), place.lng()).unwrap();
            let sum: f64 =
                cells_over(mesh, resolution).iter().map(|(index, share)| share * index.area_km2()).sum();
            let relative = sum / mesh_km2(mesh) - 1.0;
            assert!(relative.abs() < tolerance, "{mesh} by resolution {resolution}: {relative:e}");
        }
    }
}

#[test]
fn a_small_cell_inside_a_mesh_is_all_in_it() {
    for resolution in 11..=15 {
        let (latitude, longitude) = MeshCode::parse("53393599").unwrap().bounds().centre();
        let parts = table(cell(resolution, latitude, longitude), MeshLevel::First);
        assert_eq!(parts.len(), 1);
        assert_eq!((parts[0].mesh.to_string().as_str(), parts[0].share), ("5339", 1.0));
    }
}

#[test]
fn what_cannot_be_shared_out_says_why() {
    let message = |index: u64| shares(Cell::from_h3(index), MeshLevel::Third).unwrap_err().to_string();
    assert_eq!(
        message(0),
        concat!(
            "`0` is not an H3 cell, allowed are valid cell indexes\n",
            "hint: check that the column holds H3 indexes of mode 1, as in `892f5aadc6fffff`"
        )
    );
    assert_eq!(
        message(cell(4, 35.6, 139.7).into()),
        concat!(
            "cell `842f5abffffffff` has resolution `4`, allowed are 5 to 15\n",
            "hint: share out its children instead"
        )
    );
    for (latitude, longitude) in
        [(0.0, 139.0), (35.0, 100.0), (66.6667, 139.0), (35.0, 180.0), (35.0, -179.99)]
    {
        let index = cell(5, latitude, longitude);
        assert!(message(index.into()).contains("no mesh codes exist"), "{latitude} {longitude}");
    }
}

proptest! {
    #[test]
    fn shares_sum_to_one_and_the_parts_to_the_whole(
        latitude in 20.0..46.0f64, longitude in 122.0..154.0f64, resolution in 5..=15u8,
        level in proptest::sample::select(MeshLevel::ALL.to_vec()),
    ) {
        let index = cell(resolution, latitude, longitude);
        let parts = table(index, level);
        prop_assert!(parts.iter().all(|part| part.mesh.level() == level));
        prop_assert!(parts.iter().all(|part| part.share > 0.0 && part.share <= 1.0));
        prop_assert!(parts.is_sorted_by(|one, next| one.mesh < next.mesh));
        prop_assert!((parts.iter().map(|part| part.share).sum::<f64>() - 1.0).abs() < 1e-9);
        let centre = LatLng::from(index);
        let at_centre = MeshCode::of_degrees(level, centre.lat(), centre.lng()).unwrap();
        prop_assert!(parts.iter().any(|part| part.mesh == at_centre));
    }

    #[test]
    fn coarser_shares_are_sums_of_finer_ones(
        latitude in 20.0..46.0f64, longitude in 122.0..154.0f64, resolution in 6..=11u8,
        coarse in proptest::sample::select(MeshLevel::ALL.to_vec()),
    ) {
        let index = cell(resolution, latitude, longitude);
        let mut sums = BTreeMap::new();
        for part in table(index, MeshLevel::Eighth) {
            *sums.entry(part.mesh.parent(coarse).unwrap()).or_insert(0.0) += part.share;
        }
        for part in table(index, coarse) {
            let sum = sums.remove(&part.mesh).unwrap_or_default();
            prop_assert!((sum - part.share).abs() < 1e-8, "{} {sum} {}", part.mesh, part.share);
        }
        prop_assert!(sums.values().all(|&rest| rest < 1e-8));
    }
}
