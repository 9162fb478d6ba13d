use super::super::{face, lattice, sphere};
use super::*;
use h3o::{LatLng, Resolution};

/// What `h3o` says of every place of the table, found on points all over the globe at resolution 2.
fn asked_of_h3o() -> [[u32; 25]; 20] {
    const POINTS: u32 = 400_000;
    let mut turns = [[[None; 7]; 25]; 20];
    let mut base_cells = [[None; 25]; 20];
    for step in 0..POINTS {
        // A spiral of golden angles, as even as it gets.
        let latitude = (1.0 - (2.0 * f64::from(step) + 1.0) / f64::from(POINTS)).asin().to_degrees();
        let longitude = (f64::from(step) * 137.507_764_050_037_85) % 360.0 - 180.0;
        let point = sphere::unit_vector(latitude, longitude);
        let (face, lead) = face::nearest(point);
        let (a, b) = face::level(2).forms[usize::from(face)].coordinates(point);
        let (a, b, certain) = lattice::rounded(a, b, face::level(2).certainty);
        if !certain || lead < lattice::DOUBT {
            continue;
        }
        let (seen, a, b) = digits(a, b, 2);
        let index = u64::from(LatLng::new(latitude, longitude).unwrap().to_cell(Resolution::Two));
        let place = (5 * (a + 2) + b + 2) as usize;
        let base_cell = (index >> 45 & 0x7f) as u32;
        assert_eq!(*base_cells[usize::from(face)][place].get_or_insert(base_cell), base_cell);
        if seen == 0 {
            continue;
        }
        let sixths = (0..6).find(|&sixths| turned(seen, sixths) == index >> 39 & 0o77);
        let turn = &mut turns[usize::from(face)][place][leading(seen) as usize];
        assert_eq!(*turn.get_or_insert(sixths.unwrap()), sixths.unwrap());
    }
    std::array::from_fn(|face| {
        std::array::from_fn(|place| {
            let Some(base_cell) = base_cells[face][place] else { return NONE };
            (1..7).fold(base_cell, |entry, digit| {
                entry | turns[face][place][digit].unwrap_or(UNKNOWN) << (7 + 3 * digit)
            })
        })
    })
}

#[test]
fn the_table_is_what_h3o_says() {
    let asked = asked_of_h3o();
    assert_eq!(asked, BASE_CELLS);
    assert!(asked.iter().all(|places| places.iter().filter(|&&entry| entry != NONE).count() >= 10));
}
