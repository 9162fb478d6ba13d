use super::*;

/// One resolution at a time, by the definition.
fn one_by_one(a: i32, b: i32, resolution: u8) -> (u64, i32, i32) {
    let (mut a, mut b, mut digits) = (a, b, 0);
    for step in 0..resolution {
        let (parent_a, parent_b, digit) = up(a, b, (resolution - step) % 2 == 1);
        digits |= u64::from(digit) << (3 * step);
        (a, b) = (parent_a, parent_b);
    }
    (digits, a, b)
}

#[test]
fn a_parent_is_the_centre_nearest_to_its_child() {
    for odd in [false, true] {
        for (a, b) in (-30..=30).flat_map(|a| (-30..=30).map(move |b| (a, b))) {
            let (parent_a, parent_b, digit) = up(a, b, odd);
            let (x, y) = if odd {
                (2 * parent_a + parent_b, 3 * parent_b - parent_a)
            } else {
                (3 * parent_a - parent_b, parent_a + 2 * parent_b)
            };
            let (da, db) = (a - x, b - y);
            assert!(da * da - da * db + db * db <= 1, "the squared distance to the centre is 0 or 1");
            assert!(STEPS.contains(&(da, db, digit)));
        }
    }
}

#[test]
fn the_tables_give_the_digits_of_single_steps() {
    for resolution in 0..=15 {
        let reach = (7f64.powf(f64::from(resolution) / 2.0) * 2.31) as i32;
        for step in 0..200_000i64 {
            let a = (step * 7_919 * 104_729 % i64::from(2 * reach + 1)) as i32 - reach;
            let b = (step * 15_485_863 % i64::from(2 * reach + 1)) as i32 - reach;
            assert_eq!(digits(a, b, resolution), one_by_one(a, b, resolution), "{a} {b} at {resolution}");
        }
    }
}

#[test]
fn six_turns_go_round_through_the_six_digits() {
    let ring = [1, 5, 4, 6, 2, 3];
    for start in 0..6 {
        for sixths in 0..6 {
            let expected = ring[(start + sixths) % 6];
            assert_eq!(turned(ring[start], sixths as u32), expected);
            assert_eq!(turned(ring[start] << 42, sixths as u32), expected << 42);
        }
    }
    assert_eq!(turned(0, 1), 0);
}

#[test]
fn the_leading_digit_is_the_first_that_is_not_zero() {
    assert_eq!(leading(0), 0);
    assert_eq!(leading(0o5), 5);
    assert_eq!(leading(0o1_000_000_000_000), 1);
    assert_eq!(leading(0o37_000), 3);
}
