use kayoi_schemas::figure::Cube;
use kayoi_schemas::time::Month;

use super::select::Draw;
use super::*;
use crate::nation::draw::Use;
use crate::nation::{Detail, Everybody, Figures};

const INDEPENDENT: Selection = Selection {
    seed: 5,
    share: 0.03,
    ownership_sigma: 0.0,
    families: 0.0,
    second_phones: 0.0,
    tied_factor: 1.0,
};

/// Mean of the phones of so many people, and their variance as a multiple of the mean.
fn drawn(selection: &Selection, people: u64, rate: f64) -> (f64, f64) {
    const TIMES: usize = 20_000;
    let (draw, mut stream) = (Draw::of(selection), Stream::new(9, Use::Panel, 0, 0));
    let all: Vec<f64> = (0..TIMES).map(|_| draw.phones(&mut stream, people, rate) as f64).collect();
    let mean = all.iter().sum::<f64>() / TIMES as f64;
    (mean, all.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / TIMES as f64 / mean)
}

#[test]
fn families_and_second_phones_make_counts_differ_more_and_leave_their_mean() {
    let families = Selection { families: 0.5, ..INDEPENDENT };
    let second_phones = Selection { second_phones: 0.15, ..INDEPENDENT };
    for (selection, effect) in [(INDEPENDENT, 1.0), (families, 2.0), (second_phones, 1.26)] {
        assert!((Draw::of(&selection).effect() - effect).abs() < 0.01, "{}", Draw::of(&selection).effect());
        for people in [600, 30_000] {
            let (mean, spread) = drawn(&selection, people, 0.03);
            assert!((mean / (people as f64 * 0.03) - 1.0).abs() < 0.02, "{people}: {mean}");
            // 3 % of all are in the panel, which leaves 0.97 of the variance.
            assert!((spread / (0.97 * effect) - 1.0).abs() < 0.06, "{people}: {spread} instead of {effect}");
        }
    }
}

#[test]
fn a_panel_is_a_sample_of_the_people_and_its_figures_stand_beside_theirs() {
    let month = Month::parse("2025-12").unwrap();
    let everybody = Everybody { people_a_device: 33.0, friendships: 0.02 };
    let mut nation = Nation::of_everybody(13, everybody);
    let all = nation.month(month, Detail::Origins);
    let panel = Panel::new(&nation, Selection { ownership_sigma: 0.3, ..INDEPENDENT });
    let seen = panel.cells(&all);
    let sum = |cells: &[(Atom, u64)]| cells.iter().map(|(_, value)| *value as f64).sum::<f64>();
    let share = sum(&seen.residents) / sum(&all.residents);
    assert!((share / 0.03 - 1.0).abs() < 0.01, "{share}");
    for cube in Cube::ALL {
        let (people, phones) = (sum(all.of(cube)), sum(seen.of(cube)));
        let is_near = (phones / people / 0.03 - 1.0).abs() < 0.1;
        // Those on the road are few hundreds.
        assert!(people == 0.0 || phones < 3_000.0 || is_near, "{cube:?}: {phones} of {people}");
    }
    let again = Panel::new(&nation, Selection { ownership_sigma: 0.3, ..INDEPENDENT }).cells(&all);
    assert!(again == seen);
    let folder = tempfile::tempdir().unwrap();
    Figures::new(&nation, &all, &panel, &seen).unwrap().write(folder.path()).unwrap();
    assert!(
        folder.path().join("figures.parquet").is_file() && folder.path().join("friends.parquet").is_file()
    );
}

#[test]
fn the_same_people_are_seen_a_month_later() {
    let mut nation = Nation::of_everybody(13, Everybody { people_a_device: 33.0, friendships: 0.0 });
    let first = Month::parse("2025-10").unwrap();
    let before = nation.month(first, Detail::Totals);
    let panel = Panel::new(&nation, INDEPENDENT);
    let after = nation.month(first.plus(1), Detail::Totals);
    let by_place = |cells: &Cells| -> BTreeMap<_, f64> {
        cells
            .connected
            .iter()
            .map(|(atom, count)| ((atom.area, atom.origin, atom.class), *count as f64))
            .collect()
    };
    let of = |all: &Cells| (by_place(all), by_place(&panel.cells(all)));
    let ((people, seen), (people_later, seen_later)) = (of(&before), of(&after));
    let (mut squares, mut alone) = (0.0, 0.0);
    for (key, people) in
        people.iter().filter(|(key, count)| **count > 1_000.0 && people_later.contains_key(*key))
    {
        let off = |seen: &BTreeMap<_, f64>, people: f64| seen.get(key).unwrap_or(&0.0) - 0.03 * people;
        let change = off(&seen_later, people_later[key]) - off(&seen, *people);
        squares += change * change;
        alone += 2.0 * 0.03 * people;
    }
    assert!(alone > 0.0 && squares / alone < 0.2, "{}", squares / alone);
}
