use proptest::prelude::*;

use super::*;

fn figure(key: &'static str, atoms: &[usize], rank: u32) -> Figure<&'static str> {
    Figure { key, atoms: atoms.to_vec(), rank }
}

fn shown(problem: Problem<&'static str>, k: u64) -> Vec<&'static str> {
    suppress(problem, k)
        .iter()
        .filter(|figure| figure.atoms().is_some())
        .map(|figure| *figure.key())
        .collect()
}

#[test]
fn fifty_visitors_and_forty_five_repeat_visitors_are_not_both_published() {
    let problem = Problem {
        devices: vec![5, 45],
        figures: vec![figure("visitor", &[0, 1], 0), figure("repeat", &[1], 1)],
        nested: vec![(0, 1)],
        partitions: vec![],
    };
    assert_eq!(shown(problem.clone(), 10), ["visitor"]);
    let wide = Problem { devices: vec![10, 45], ..problem };
    assert_eq!(shown(wide, 10), ["visitor", "repeat"]);
}

#[test]
fn a_small_part_takes_a_second_one_with_it() {
    let problem = Problem {
        devices: vec![4, 30, 12],
        figures: vec![
            figure("all", &[0, 1, 2], 0),
            figure("a", &[0], 1),
            figure("b", &[1], 1),
            figure("c", &[2], 1),
        ],
        nested: vec![],
        partitions: vec![(0, vec![1, 2, 3])],
    };
    assert_eq!(shown(problem, 10), ["all", "b"]);
}

#[test]
fn two_small_parts_whose_sum_is_small_take_a_third_with_them() {
    // 3 + 4 hidden is 7: total minus published would be a figure of 7 devices.
    let problem = Problem {
        devices: vec![3, 4, 30, 12],
        figures: vec![
            figure("all", &[0, 1, 2, 3], 0),
            figure("a", &[0], 1),
            figure("b", &[1], 1),
            figure("c", &[2], 1),
            figure("d", &[3], 1),
        ],
        nested: vec![],
        partitions: vec![(0, vec![1, 2, 3, 4])],
    };
    assert_eq!(shown(problem, 10), ["all", "c"]);
}

#[test]
fn crossed_margins_give_nothing_back() {
    // A table of 2 × 2 with margins: one small cell inside. All margins published leave no room for any cell.
    let atoms = [[4, 20], [25, 30]];
    let problem = Problem {
        devices: atoms.concat(),
        figures: vec![
            figure("all", &[0, 1, 2, 3], 0),
            figure("row 1", &[0, 1], 1),
            figure("row 2", &[2, 3], 1),
            figure("column 1", &[0, 2], 1),
            figure("column 2", &[1, 3], 1),
            figure("11", &[0], 2),
            figure("12", &[1], 2),
            figure("21", &[2], 2),
            figure("22", &[3], 2),
        ],
        nested: vec![],
        partitions: vec![],
    };
    assert_eq!(shown(problem, 10), ["all", "row 1", "row 2", "column 1", "column 2"]);
}

/// An attacker who knows which atoms are empty and solves the linear equations of everything published, over
/// the rationals: is `target` determined? Gaussian elimination of its own, in fractions.
fn attacker_knows(published: &[Vec<i128>], target: &[i128]) -> bool {
    let rank = |rows: &[Vec<i128>]| {
        let mut rows: Vec<Vec<i128>> = rows.to_vec();
        let (mut rank, width) = (0, target.len());
        for column in 0..width {
            let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
            rows.swap(rank, pivot);
            for row in rank + 1..rows.len() {
                let (a, b) = (rows[rank][column], rows[row][column]);
                if b != 0 {
                    let pivot = rows[rank].clone();
                    rows[row]
                        .iter_mut()
                        .zip(pivot)
                        .for_each(|(value, other)| *value = *value * a - other * b);
                    let divisor = rows[row].iter().fold(0i128, |d, v| gcd(d, v.abs())).max(1);
                    rows[row].iter_mut().for_each(|value| *value /= divisor);
                }
            }
            rank += 1;
        }
        rank
    };
    let mut with_target = published.to_vec();
    with_target.push(target.to_vec());
    rank(published) == rank(&with_target)
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn an_attacker_recovers_no_small_figure(
        devices in prop::collection::vec(1u64..25, 2..8),
        masks in prop::collection::vec(1u32..256, 1..10),
        k in 2u64..12,
    ) {
        let width = devices.len();
        let members = |mask: u32| (0..width).filter(|atom| mask >> atom & 1 == 1).collect::<Vec<_>>();
        let mut figures = vec![Figure { key: 0, atoms: (0..width).collect(), rank: 0 }];
        figures.extend(masks.iter().enumerate().map(|(n, mask)| Figure { key: n + 1, atoms: members(*mask), rank: 1 }));
        let nested: Vec<(usize, usize)> = (1..figures.len()).map(|part| (0, part)).collect();
        let problem = Problem { devices: devices.clone(), figures: figures.clone(), nested, partitions: vec![] };
        let outcome = suppress(problem, k);
        let row = |atoms: &[usize]| { let mut row = vec![0i128; width]; atoms.iter().for_each(|a| row[*a] = 1); row };
        let published: Vec<Vec<i128>> = outcome.iter().filter_map(|figure| figure.atoms()).map(row).collect();
        let count = |atoms: &[usize]| atoms.iter().map(|a| devices[*a]).sum::<u64>();
        let total: u64 = devices.iter().sum();
        for (figure, result) in figures.iter().zip(&outcome) {
            let devices_of = count(&figure.atoms);
            prop_assert!(result.atoms().is_none() || devices_of >= k || devices_of == 0);
            if devices_of > 0 && devices_of < k {
                prop_assert!(!attacker_knows(&published, &row(&figure.atoms)));
            }
            let rest = total - devices_of;
            if rest > 0 && rest < k {
                let complement: Vec<usize> = (0..width).filter(|a| !figure.atoms.contains(a)).collect();
                prop_assert!(!attacker_knows(&published, &row(&complement)));
            }
        }
    }
}
