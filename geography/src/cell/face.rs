//! The 20 faces of the icosahedron that H3 unfolds the globe on.
//!
//! In: unit vectors. Out: the face that is nearest, and for each face the linear forms that give lattice
//! coordinates. The numbers of faces, their centres and the directions of their axes are those of H3
//! (`faceijk.c` of the H3 library, as in crate `h3o`): they define its grid.
//!
//! The nearest face takes no search. In the frame of three perpendicular twofold axes the 20 centres are, up
//! to signs, (1, 1, 1), (0, 1/φ, φ), (1/φ, φ, 0) and (φ, 0, 1/φ). So with the signs taken off a point, the
//! largest of four products decides among the four kinds, and the signs among the faces of one kind.

use std::sync::OnceLock;

use super::lattice::{Certainty, Forms, larger, smaller};
use super::sphere::dot;

/// Face centres as H3 has them, on the unit sphere.
pub(super) const CENTRES: [[f64; 3]; 20] = [
    [0.2199307791404606, 0.6583691780274996, 0.7198475378926182],
    [-0.2139234834501421, 0.1478171829550703, 0.9656017935214205],
    [0.1092625278784797, -0.481195157287321, 0.8697775121287253],
    [0.7428567301586791, -0.3593941678278028, 0.5648005936517033],
    [0.8112534709140969, 0.3448953237639384, 0.472138773641393],
    [-0.1055498149613921, 0.9794457296411413, 0.1718874610009365],
    [-0.8075407579970092, 0.1533552485898818, 0.5695261994882688],
    [-0.2846148069787907, -0.8644080972654206, 0.4144792552473539],
    [0.7405621473854482, -0.6673299564565524, -0.0789837646326737],
    [0.8512303986474293, 0.4722343788582681, -0.2289137388687808],
    [-0.7405621473854481, 0.6673299564565524, 0.0789837646326737],
    [-0.8512303986474292, -0.4722343788582682, 0.2289137388687808],
    [0.1055498149613919, -0.9794457296411413, -0.1718874610009365],
    [0.8075407579970092, -0.1533552485898819, -0.5695261994882688],
    [0.2846148069787908, 0.8644080972654204, -0.4144792552473539],
    [-0.7428567301586791, 0.3593941678278027, -0.5648005936517033],
    [-0.811253470914097, -0.3448953237639382, -0.472138773641393],
    [-0.2199307791404607, -0.6583691780274996, -0.7198475378926182],
    [0.213923483450142, -0.1478171829550704, -0.9656017935214205],
    [-0.1092625278784796, 0.481195157287321, -0.8697775121287253],
];

/// Azimuth of each face's i axis at even resolutions, radians clockwise from north, as H3 has it.
const I_AXES: [f64; 20] = [
    5.6199582685239395,
    5.7603390817141875,
    0.78021365439343,
    0.4304693639799999,
    6.130269123335111,
    2.692877706530643,
    2.982963003477244,
    3.532912002790141,
    3.494305004259568,
    3.0032141694995382,
    5.930472956509812,
    0.13837848409025486,
    0.4487149470591504,
    0.15862965011254937,
    5.891865957979238,
    2.711123289609793,
    3.294508837434268,
    3.80481969224544,
    3.6644388790551923,
    2.361378999196363,
];

/// Three perpendicular twofold axes of the icosahedron.
const TWOFOLD_AXES: [[f64; 3]; 3] = [
    [0.0032153037031564975, 0.43149765310854493, 0.9021083289627219],
    [0.7939749358412204, -0.549536771471384, 0.2600252642662591],
    [0.6079419898954393, 0.7154153424148981, -0.34436524905882676],
];

/// The face of a kind (above) and the signs of the three coordinates: `8 kind + 4 z + 2 y + x`.
const FACES: [u8; 32] = [
    4, 13, 5, 19, 2, 12, 6, 16, 9, 9, 14, 14, 7, 7, 11, 11, 3, 8, 10, 15, 3, 8, 10, 15, 0, 18, 0, 18, 1, 17,
    1, 17,
];

const GOLDEN: f64 = 1.618_033_988_749_895;

/// The face whose centre is nearest, and by how much it is nearer than the next: the difference of the two
/// scalar products with the centres, times √3.
#[inline(always)]
pub(super) fn nearest(point: [f64; 3]) -> (u8, f64) {
    let [x, y, z] = TWOFOLD_AXES.map(|axis| dot(axis, point));
    let (ax, ay, az) = (x.abs(), y.abs(), z.abs());
    let kinds = [
        ax + ay + az,
        ay * (GOLDEN - 1.0) + az * GOLDEN,
        ax * (GOLDEN - 1.0) + ay * GOLDEN,
        ax * GOLDEN + az * (GOLDEN - 1.0),
    ];
    let pairs = [larger(kinds[0], kinds[1]), larger(kinds[2], kinds[3])];
    let best = larger(pairs[0], pairs[1]);
    let kind = if best == kinds[0] {
        0
    } else if best == kinds[1] {
        1
    } else if best == kinds[2] {
        2
    } else {
        3
    };
    // The next best is one of the other kinds, or the mirror image across the plane where a coordinate is 0.
    let others = larger(smaller(kinds[0], kinds[1]), smaller(kinds[2], kinds[3]));
    let others = larger(others, smaller(pairs[0], pairs[1]));
    let mirrored = larger(
        az * GOLDEN - ay * (GOLDEN - 1.0),
        larger(ay * GOLDEN - ax * (GOLDEN - 1.0), ax * GOLDEN - az * (GOLDEN - 1.0)),
    );
    let signs = (x.to_bits() >> 63) | (y.to_bits() >> 63) << 1 | (z.to_bits() >> 63) << 2;
    (FACES[(kind * 8 + signs) as usize & 31], best - larger(others, mirrored))
}

/// What a resolution needs: the forms of all faces, and when rounding is certain.
pub(super) struct Level {
    pub(super) forms: [Forms; 20],
    pub(super) certainty: Certainty,
}

/// The level of a resolution, 0 to 15; of all resolutions together they take 23 KiB.
pub(super) fn level(resolution: u8) -> &'static Level {
    static LEVELS: OnceLock<[Level; 16]> = OnceLock::new();
    let all = LEVELS.get_or_init(|| std::array::from_fn(|resolution| level_of(resolution as u8)));
    &all[usize::from(resolution.min(15))]
}

fn level_of(resolution: u8) -> Level {
    let forms = std::array::from_fn(|face| {
        let centre = CENTRES[face];
        let height = centre[0].hypot(centre[1]);
        let north = [-centre[2] * centre[0] / height, -centre[2] * centre[1] / height, height];
        let east = [-centre[1] / height, centre[0] / height, 0.0];
        // Odd resolutions are turned counter-clockwise, and azimuths run clockwise.
        let class_three = if resolution % 2 == 1 { (3.0f64 / 28.0).sqrt().asin() } else { 0.0 };
        let (sine, cosine) = (I_AXES[face] - class_three).sin_cos();
        let along = |n: f64, e: f64| std::array::from_fn(|axis| n * north[axis] + e * east[axis]);
        Forms::new(centre, along(cosine, sine), along(sine, -cosine), resolution)
    });
    Level { forms, certainty: Certainty::at(resolution) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_centre_is_nearest_to_itself() {
        for (face, centre) in CENTRES.into_iter().enumerate() {
            let (found, lead) = nearest(centre);
            assert_eq!(usize::from(found), face);
            // Neighbouring centres have the cosine √5/3.
            assert!((lead - 3f64.sqrt() * (1.0 - 5f64.sqrt() / 3.0)).abs() < 1e-12, "{lead}");
        }
    }

    #[test]
    fn the_lead_is_the_distance_to_the_second_nearest() {
        for step in 0..200_000 {
            let height = 1.0 - f64::from(step) / 100_000.0;
            let (sine, cosine) = (f64::from(step) * 2.399_963_229_728_653).sin_cos();
            let across = (1.0 - height * height).max(0.0).sqrt();
            let point = [across * cosine, across * sine, height];
            let mut products = CENTRES.map(|centre| dot(centre, point));
            let (face, lead) = nearest(point);
            let own = products[usize::from(face)];
            products.sort_by(f64::total_cmp);
            assert!((own - products[19]).abs() < 1e-14);
            assert!((lead - 3f64.sqrt() * (products[19] - products[18])).abs() < 1e-13, "{point:?}");
        }
    }
}
