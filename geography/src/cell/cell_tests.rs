use super::*;

/// Few points on every resolution; `tests/verify` asks about many and hard ones.
#[test]
fn a_column_has_the_cells_of_its_points() {
    let latitudes: Vec<f64> = (0..1_000).map(|step| f64::from(step) * 0.18 - 90.0).collect();
    let longitudes: Vec<f64> = (0..1_001).map(|step| f64::from(step) * 137.5 % 360.0 - 180.0).collect();
    for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
        let mut cells = vec![Cell::from_h3(7)];
        append_cells(resolution, &latitudes, &longitudes, &mut cells);
        assert_eq!(cells.len(), 1_001, "one more than the shorter column");
        for ((latitude, longitude), cell) in latitudes.iter().zip(&longitudes).zip(&cells[1..]) {
            assert_eq!(*cell, cell_of(resolution, *latitude, *longitude));
            assert_eq!(cell.h3(), by_library(resolution, *latitude, *longitude));
        }
    }
}

#[test]
fn few_points_are_left_to_the_library() {
    // A grid over Japan, as pings come: about one in ten million is in doubt, so none of these.
    let level = face::level(9);
    for step in 0..400_000 {
        let (latitude, longitude) =
            (26.0 + f64::from(step % 632) * 0.03, 128.0 + f64::from(step / 632) * 0.03);
        let point = sphere::unit_vector(latitude, longitude);
        let (face, lead) = face::nearest(point);
        let (a, b) = level.forms[usize::from(face)].coordinates(point);
        assert!(lead > lattice::DOUBT && lattice::rounded(a, b, level.certainty).2, "{latitude} {longitude}");
    }
}

#[test]
fn parents_are_those_of_h3o() {
    for resolution in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
        let cell = cell_of(resolution, 35.658581, 139.745433);
        let index = h3o::CellIndex::try_from(cell.h3()).unwrap();
        for asked in Resolution::range(Resolution::Zero, Resolution::Fifteen) {
            assert_eq!(parent(asked, cell).map(Cell::h3), index.parent(asked).map(u64::from));
        }
    }
}
