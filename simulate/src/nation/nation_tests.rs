use std::collections::BTreeMap;
use std::sync::OnceLock;

use kayoi_geography::Register;
use kayoi_schemas::figure::{Area, Atom, Cube, MOST_PURPOSES};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::invariant::distinct_within_sum;
use kayoi_schemas::time::{Day, Month};

use super::draw::{Stream, Use};
use super::habits::{CLASSES, OFTEN, ONCE, arrivals};
use super::purposes;
use super::{Cells, Detail, Nation};

const SEED: u64 = 13;
const SHARE: f64 = 0.03;

fn first() -> Month {
    Month::parse("2025-10").unwrap()
}

/// Month 0, 1 and 12 of a nation.
fn months() -> &'static [Cells; 3] {
    static MONTHS: OnceLock<[Cells; 3]> = OnceLock::new();
    MONTHS.get_or_init(|| {
        let mut nation = Nation::new(SEED, SHARE);
        [0, 1, 12].map(|month| nation.month(first().plus(month), Detail::Origins))
    })
}

const VISITOR: usize = 0;
const CONNECTED: usize = 2;
const DUAL: usize = 3;

/// Which kinds a class belongs to: visitor, repeat, connected, dual, workation, then the five classes of
/// days.
fn kinds([days, rung, dual, work, _]: [u16; 5]) -> [bool; 10] {
    let of_days = [1, 2, 3, 8, 24].map(|from| days == from);
    let [d1, d2, d3, d8, d24] = of_days;
    [true, rung >= 1, rung == 2, dual == 1, work == 1, d1, d2, d3, d8, d24]
}

/// Figures by municipality, origin and kind.
fn by_origin(cells: &Cells) -> BTreeMap<(Area, u32, usize), u64> {
    let mut figures = BTreeMap::new();
    for (atom, count) in &cells.connected {
        for (kind, _) in kinds(atom.class.values()).iter().enumerate().filter(|(_, belongs)| **belongs) {
            *figures.entry((atom.area, atom.origin.number(), kind)).or_default() += count;
        }
    }
    figures
}

fn all_origins(cells: &Cells) -> BTreeMap<(Area, usize), u64> {
    let mut figures = BTreeMap::new();
    for ((area, _, kind), count) in by_origin(cells) {
        *figures.entry((area, kind)).or_default() += count;
    }
    figures
}

/// The median of a kind over the towns of about a size.
fn median(figures: &BTreeMap<(Area, usize), u64>, population: f64, kind: usize) -> f64 {
    let about = |people: u32| (population / 1.25..population * 1.25).contains(&f64::from(people));
    let towns = Register::japan().all().iter().filter(|town| about(town.population_2020));
    let count = |area| figures.get(&(area, kind)).copied().unwrap_or(0);
    let mut counts: Vec<_> = towns.map(|town| count(Area::Municipality(town.code))).collect();
    counts.sort_unstable();
    counts[counts.len() / 2] as f64
}

#[test]
fn towns_have_the_devices_of_the_reference() {
    let figures = all_origins(&months()[0]);
    for (population, visitors, connected, dual) in
        [(3e3, 1_771.0, 211.0, 2.0), (1e4, 4_871.0, 531.0, 4.0), (1e5, 18_340.0, 2_055.0, 19.0)]
    {
        for (kind, expected) in [(VISITOR, visitors), (CONNECTED, connected), (DUAL, dual)] {
            let found = median(&figures, population, kind);
            let room = 0.2 * expected + 1.0;
            assert!((found - expected).abs() < room, "{population} {kind}: {found}, expected {expected}");
        }
    }
    let visitors: u64 =
        figures.iter().filter(|((_, kind), _)| *kind == VISITOR).map(|(_, count)| count).sum();
    assert!((27_500_000..28_500_000).contains(&visitors), "{visitors}");
}

#[test]
fn half_of_the_figures_by_origin_are_below_ten() {
    let figures = by_origin(&months()[0]);
    let small = figures.values().filter(|count| **count < 10).count() as f64;
    let share = small / figures.len() as f64;
    assert!((0.46..0.56).contains(&share), "{share}");
}

#[test]
fn a_quarter_of_the_figures_by_origin_moves_by_one_device_in_a_month() {
    let (before, after) = (by_origin(&months()[0]), by_origin(&months()[1]));
    let known = before.iter().filter_map(|(key, count)| Some((*count, *after.get(key)?)));
    let changes: Vec<_> =
        known.filter(|(a, b)| *a.min(b) >= 10).map(|(count, next)| count.abs_diff(next)).collect();
    let share = |from, to| {
        changes.iter().filter(|change| (from..=to).contains(*change)).count() as f64 / changes.len() as f64
    };
    assert!((0.2..0.32).contains(&share(1, 1)), "{}", share(1, 1));
    assert!((0.7..0.85).contains(&share(1, 9)), "{}", share(1, 9));
}

/// Mean squared difference over what two independent counts would have.
fn unlikeness(before: &Cells, after: &Cells) -> f64 {
    let (before, after) = (by_origin(before), by_origin(after));
    let of_small = |((key, count), kind): ((&(Area, u32, usize), &u64), usize)| {
        let next = after.get(key).copied().unwrap_or(0);
        // Towns grow, which large counts show first.
        (key.2 == kind && *count < 300).then(|| (count.abs_diff(next).pow(2) as f64, (*count + next) as f64))
    };
    let sums = before.iter().zip(std::iter::repeat(VISITOR)).filter_map(of_small);
    let (squares, counts) = sums.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    squares / counts
}

#[test]
fn windows_share_eleven_months_with_the_next_and_little_with_those_of_a_year_later() {
    let [month, next, year_later] = months();
    assert!((0.06..0.12).contains(&unlikeness(month, next)), "{}", unlikeness(month, next));
    assert!(unlikeness(month, year_later) > 0.7, "{}", unlikeness(month, year_later));
}

#[test]
fn a_kind_has_as_many_devices_a_year_later() {
    assert!(arrivals().iter().all(|share| *share >= 0.0), "{:?}", arrivals());
    let sum = |cells: &Cells, kind: usize| {
        all_origins(cells)
            .iter()
            .filter(|((_, of), _)| *of == kind)
            .map(|(_, count)| *count as f64)
            .sum::<f64>()
    };
    for kind in 0..10 {
        let growth = sum(&months()[2], kind) / sum(&months()[0], kind);
        assert!((0.97..1.03).contains(&growth), "{kind}: {growth}");
    }
}

#[test]
fn shares_of_ties_add_up() {
    let shares: f64 = ONCE.iter().map(|once| once.share).chain(OFTEN.iter().map(|often| often.share)).sum();
    assert!((shares - 1.0).abs() < 0.002, "{shares}");
    assert!(CLASSES.is_sorted() && purposes::CLASSES.is_sorted());
}

#[test]
fn classes_are_coherent() {
    for [days, rung, dual, work] in CLASSES {
        assert!(rung < days, "a repeat visitor has two days, a connected one three");
        assert!(dual == 0 || (rung == 2 && work == 0), "a dual resident is connected and not on workation");
    }
}

/// Devices of each purpose in the country, by the position of its bit; then those who come again.
fn purposes_of(cells: &Cells) -> [f64; 5] {
    let mut sums = [0.0; 5];
    for (atom, count) in &cells.connected {
        let [_, rung, dual, workation, purposes] = atom.class.values();
        (0..4).filter(|bit| purposes >> bit & 1 == 1).for_each(|bit| sums[bit] += *count as f64);
        sums[4] += if rung >= 1 { *count as f64 } else { 0.0 };
        let counted = u32::from(dual) + u32::from(workation) + purposes.count_ones();
        assert!(counted <= MOST_PURPOSES, "{atom:?}");
        assert!(purposes & purposes::SEASONAL == 0 || dual == 1, "a season of work is a second residence");
    }
    sums
}

#[test]
fn some_ties_are_for_business_and_a_few_for_something_else() {
    let [seasonal, office, on_the_road, business, again] = purposes_of(&months()[0]);
    assert!((0.03..0.05).contains(&(business / again)), "{}", business / again);
    for rare in [seasonal, office, on_the_road] {
        assert!((0.00005..0.006).contains(&(rare / again)), "{}", rare / again);
    }
}

#[test]
fn purposes_move_as_ties_do_and_not_by_lot() {
    let (before, after) = (purposes_of(&months()[0]), purposes_of(&months()[1]));
    let of_towns = |cells: &Cells| {
        let mut counts: BTreeMap<Area, f64> = BTreeMap::new();
        for (atom, count) in &cells.connected {
            let is_business = atom.class.values()[4] & purposes::BUSINESS != 0;
            *counts.entry(atom.area).or_default() += if is_business { *count as f64 } else { 0.0 };
        }
        counts
    };
    let (first, next) = (of_towns(&months()[0]), of_towns(&months()[1]));
    let squares: f64 = first.iter().map(|(area, count)| (count - next[area]).powi(2)).sum();
    // Two draws by lot would have a variance of both counts together.
    let unlike = squares / (before[3] + after[3]);
    assert!(unlike < 0.4, "{unlike}");
}

#[test]
fn the_cells_of_each_cube_are_sorted_and_none_is_empty() {
    for cells in months() {
        for cube in Cube::ALL {
            let all = cells.of(cube);
            assert!(all.is_sorted_by(|a, b| a.0 < b.0), "{cube:?}");
            assert!(all.iter().all(|(_, count)| *count > 0), "{cube:?}");
        }
    }
}

#[test]
fn a_seed_gives_the_same_cells_and_another_seed_others() {
    let mut nation = Nation::new(SEED, SHARE);
    nation.month(first(), Detail::Totals);
    let again = nation.month(first().plus(1), Detail::Origins);
    assert!(again == months()[1], "whatever detail was asked for before");
    assert!(nation.month(first().plus(1), Detail::Origins) == again, "asked twice");
    let other = Nation::new(SEED + 1, SHARE).month(first(), Detail::Origins);
    assert!(other != months()[0]);
}

#[test]
fn distinct_people_of_an_area_lie_between_its_largest_part_and_the_sum_by_kind_and_origin() {
    for cells in months() {
        let mut parts: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        for ((area, origin, kind), count) in
            by_origin(cells).into_iter().filter(|((_, _, kind), _)| *kind < 5)
        {
            let Area::Municipality(code) = area else { continue };
            for larger in [Area::Country, Area::Prefecture(code.prefecture())] {
                parts.entry((larger, origin, kind)).or_default().push(count);
            }
        }
        let mut distinct: BTreeMap<_, u64> = BTreeMap::new();
        for (atom, count) in &cells.totals {
            let [rung, dual, work, ..] = atom.class.values();
            for (kind, _) in
                kinds([0, rung, dual, work, 0]).iter().enumerate().filter(|(_, belongs)| **belongs)
            {
                *distinct.entry((atom.area, atom.origin.number(), kind)).or_default() += count;
            }
        }
        assert_eq!(distinct.keys().collect::<Vec<_>>(), parts.keys().collect::<Vec<_>>());
        for (key, count) in &distinct {
            distinct_within_sum(*count, &parts[key]).unwrap();
        }
        let visitors: u64 = distinct
            .iter()
            .filter(|((area, _, kind), _)| *area == Area::Country && *kind == 0)
            .map(|(_, n)| n)
            .sum();
        let residents: u64 = cells.residents.iter().map(|(_, count)| count).sum();
        assert!(visitors < residents, "nearly everyone goes somewhere: {visitors} of {residents}");
    }
}

#[test]
fn the_panel_is_three_in_a_hundred_people_and_a_few_of_them_change_in_a_month() {
    let [month, next, _] = months();
    let people: u64 = Register::japan().all().iter().map(|town| u64::from(town.population_2020)).sum();
    let panel: u64 = month.residents.iter().map(|(_, count)| count).sum();
    assert!((0.0295..0.0305).contains(&(panel as f64 / people as f64)));
    let later: BTreeMap<Atom, u64> = next
        .residents
        .iter()
        .map(|(atom, count)| (Atom { period: atom.period - 1, ..*atom }, *count))
        .collect();
    let changed = |(atom, count): &(Atom, u64)| {
        let change = count.abs_diff(later.get(atom).copied().unwrap_or(0)) as f64;
        change * change
    };
    let unlike = month.residents.iter().map(changed).sum::<f64>() / (2 * panel) as f64;
    assert!((0.015..0.035).contains(&unlike), "{unlike}");
}

#[test]
fn days_off_draw_more_and_a_day_has_no_more_devices_than_the_window() {
    for cells in months() {
        let window = by_origin(cells);
        let mut by_day: BTreeMap<i32, u64> = BTreeMap::new();
        for (atom, count) in &cells.daily {
            assert!(*count <= window[&(atom.area, atom.origin.number(), VISITOR)]);
            *by_day.entry(atom.period).or_default() += count;
        }
        let mean = |works: bool| {
            let of: Vec<_> = by_day.iter().filter(|(day, _)| Day(**day).is_working_day() == works).collect();
            of.iter().map(|(_, count)| **count as f64).sum::<f64>() / of.len() as f64
        };
        assert!(mean(false) > 1.3 * mean(true));
    }
}

#[test]
fn once_a_year_a_region_lacks_a_day() {
    let mut nation = Nation::new(SEED, SHARE);
    let prefectures = || (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
    let year = (first().first_day().0..=first().plus(11).last_day().0).map(Day);
    let lacking: Vec<_> =
        year.filter(|day| prefectures().any(|prefecture| nation.lacks_data(*day, prefecture))).collect();
    let [day] = lacking[..] else { panic!("{lacking:?}") };
    let cells = nation.month(day.month(), Detail::Totals);
    let on_the_day = |prefecture: PrefectureCode| {
        cells.daily.iter().any(|(atom, _)| {
            matches!(atom.area, Area::Municipality(code) if code.prefecture() == prefecture)
                && atom.period == day.0
        })
    };
    for prefecture in prefectures() {
        assert_eq!(on_the_day(prefecture), !nation.lacks_data(day, prefecture), "{prefecture}");
    }
}

#[test]
fn totals_are_the_sums_over_origins() {
    let totals = Nation::new(SEED, SHARE).month(first(), Detail::Totals);
    // People of a month are no sum of days, and what they do is drawn by origin alone.
    let cubes = [
        Cube::ConnectedMonthly,
        Cube::ConnectedTotalsMonthly,
        Cube::VisitorsDaily,
        Cube::YearPanelMonthly,
        Cube::VisitorDaysMonthly,
    ];
    for cube in cubes {
        let sums = |cells: &Cells| {
            let mut sums = BTreeMap::new();
            for (atom, count) in cells.of(cube) {
                *sums.entry((atom.period, atom.area, atom.class)).or_insert(0) += count;
            }
            sums
        };
        assert_eq!(sums(&totals), sums(&months()[0]), "{cube:?}");
    }
    assert!(totals.connected.len() * 10 < months()[0].connected.len());
}

#[test]
fn draws_have_their_mean_and_variance() {
    let mut stream = Stream::new(SEED, Use::Town, 0, 0);
    let mut moments = |draw: &mut dyn FnMut(&mut Stream) -> u32| {
        let draws: Vec<_> = (0..50_000).map(|_| f64::from(draw(&mut stream))).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        (mean, draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64)
    };
    for mean in [0.02, 0.7, 12.0, 29.0, 400.0] {
        let (found, variance) = moments(&mut |stream| stream.poisson(mean));
        assert!((found / mean - 1.0).abs() < 0.1 && (variance / mean - 1.0).abs() < 0.1, "{mean}");
    }
    for (of, share) in [(1, 0.2), (7, 0.05), (300, 0.02), (3_000, 0.2)] {
        let (found, variance) = moments(&mut |stream| stream.binomial(of, share));
        let mean = f64::from(of) * share;
        assert!((found / mean - 1.0).abs() < 0.05, "{of} {share}: {found}");
        assert!((variance / mean / (1.0 - share) - 1.0).abs() < 0.05, "{of} {share}: {variance}");
    }
}
