use proptest::prelude::*;

use super::*;

/// A writer of one geometry in any of the forms that are read.
#[derive(Debug, Clone, Copy)]
struct Form {
    little_endian: bool,
    /// Added to the kind: 1000 for Z, 2000 for M, 3000 for both, or PostGIS' flags.
    dimensions: u32,
    extra: usize,
    srid: bool,
}

const FORMS: [(u32, usize); 6] = [(0, 0), (1000, 1), (2000, 1), (3000, 2), (HAS_Z, 1), (HAS_Z | HAS_M, 2)];

impl Form {
    fn word(self, bytes: &mut Vec<u8>, word: u32) {
        bytes.extend(if self.little_endian { word.to_le_bytes() } else { word.to_be_bytes() });
    }

    fn head(self, bytes: &mut Vec<u8>, kind: u32) {
        bytes.push(u8::from(self.little_endian));
        self.word(bytes, (kind + self.dimensions) | if self.srid { HAS_SRID } else { 0 });
        if self.srid {
            self.word(bytes, 4326);
        }
    }

    fn polygon(self, bytes: &mut Vec<u8>, rings: &RawPolygon) {
        self.head(bytes, POLYGON);
        self.word(bytes, rings.len() as u32);
        for ring in rings {
            self.word(bytes, ring.len() as u32);
            for point in ring {
                let numbers = point.iter().copied().chain(std::iter::repeat_n(7.5, self.extra));
                for number in numbers {
                    let bits = if self.little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
                    bytes.extend(bits);
                }
            }
        }
    }

    fn multi_polygon(self, polygons: &[RawPolygon]) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.head(&mut bytes, MULTI_POLYGON);
        self.word(&mut bytes, polygons.len() as u32);
        // Each part has a head of its own, and may have another byte order.
        let part = Self { little_endian: !self.little_endian, srid: false, ..self };
        polygons.iter().for_each(|polygon| part.polygon(&mut bytes, polygon));
        bytes
    }
}

fn form() -> impl Strategy<Value = Form> {
    (any::<bool>(), prop::sample::select(FORMS.to_vec()), any::<bool>()).prop_map(
        |(little_endian, (dimensions, extra), srid)| Form { little_endian, dimensions, extra, srid },
    )
}

fn raw_polygons() -> impl Strategy<Value = Vec<RawPolygon>> {
    let point = [-180.0..180.0, -90.0..90.0];
    prop::collection::vec(prop::collection::vec(prop::collection::vec(point, 0..6), 0..4), 0..4)
}

/// As OGC 06-103r4 shows it, byte by byte: POLYGON ((0 0, 1 0, 0 1, 0 0)).
#[test]
fn a_triangle_written_by_hand_is_read() {
    let mut bytes = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
    let one = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
    let zero = [0; 8];
    for number in [zero, zero, one, zero, zero, one, zero, zero] {
        bytes.extend(number);
    }
    assert_eq!(polygons(&bytes), Ok(vec![vec![vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]]]));
}

#[test]
fn points_lines_and_collections_are_no_polygons() {
    for kind in [1u32, 2, 4, 5, 7, 15, 1001, 3002] {
        let mut bytes = vec![1];
        bytes.extend(kind.to_le_bytes());
        assert_eq!(polygons(&bytes), Err(Skip::NotPolygon), "{kind}");
    }
}

#[test]
fn counts_beyond_the_end_take_no_memory() {
    for kind in [POLYGON, MULTI_POLYGON] {
        let mut bytes = vec![1];
        bytes.extend(kind.to_le_bytes());
        bytes.extend(u32::MAX.to_le_bytes());
        assert_eq!(polygons(&bytes), Err(Skip::NotWkb));
    }
    let mut ring = vec![1, 3, 0, 0, 0, 1, 0, 0, 0];
    ring.extend(u32::MAX.to_le_bytes());
    assert_eq!(polygons(&ring), Err(Skip::NotWkb));
    assert_eq!(polygons(&[]), Err(Skip::NotWkb));
    assert_eq!(polygons(b"POLYGON ((0 0))"), Err(Skip::NotWkb));
}

proptest! {
    #[test]
    fn every_form_gives_the_same_polygons(form in form(), raw in raw_polygons()) {
        prop_assert_eq!(polygons(&form.multi_polygon(&raw)), Ok(raw.clone()));
        for polygon in raw {
            let mut bytes = Vec::new();
            form.polygon(&mut bytes, &polygon);
            prop_assert_eq!(polygons(&bytes), Ok(vec![polygon]));
        }
    }

    /// Neither a cut nor a changed byte ends anything; a cut is always seen.
    #[test]
    fn damage_is_a_fault_and_no_panic(
        form in form(), raw in raw_polygons(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = form.multi_polygon(&raw);
        let at = at.index(bytes.len());
        prop_assert_eq!(polygons(&bytes[..at]), Err(Skip::NotWkb));
        bytes[at] = byte;
        let _ = polygons(&bytes);
    }
}
