//! Whether intervals hold the truth of people when the panel is a sample of them: the short form of `make coverage`.
//!
//! In: a nation of everybody, two panels of it: of people who come one by one, and of whom half come with their family. Out: how
//! often the interval of a published row holds the people of its figure.

use kayoi_geography::{Geography, Register};
use kayoi_release::draw::{Drawn, Edition, MonthCounts, Secret, Seeds, draw};
use kayoi_release::rows::{MonthRows, Released};
use kayoi_release::weights::PrefectureWeights;
use kayoi_release::{People, ReleaseOptions, Series};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Cube};
use kayoi_schemas::time::Month;
use kayoi_simulate::{Cells, Detail, Everybody, Figures, Nation, Panel, Selection};

use super::nation::{Row, Share, rows};

const SHARE: f64 = 0.03;

/// The rows of a release of what a panel saw.
fn released(month: Month, seen: &Cells) -> Vec<Released> {
    let definition = Definition::connected_2026().unwrap();
    let geography = Geography::simplified().unwrap();
    let mut counts = MonthCounts::new(month, &definition, Register::japan());
    for cube in [Cube::ConnectedMonthly, Cube::YearPanelMonthly] {
        for (atom, value) in seen.of(cube) {
            counts.add(cube, atom, *value).unwrap();
        }
    }
    let (secret, edition, digest) = (Secret::of_trial(1), Edition::Final(1), counts.digest());
    let seeds = Seeds::of(month, |of| {
        let is_own = of == month;
        Ok::<_, ()>(if is_own { secret.seed(edition, of, &digest) } else { secret.seed_before(edition, of) })
    });
    let noised = draw(&counts, &[Drawn::Connected, Drawn::YearPanel], &seeds.unwrap(), &Parameters::STANDARD);
    let residents: Vec<f64> =
        noised.get(Drawn::YearPanel).unwrap().values().iter().map(|value| f64::from(*value)).collect();
    let sigma = f64::from(Parameters::STANDARD.wide.sigma);
    let weights = PrefectureWeights::new(&residents, sigma, &People::census_2020());
    let options = ReleaseOptions::new(definition, &geography, Series::Trial { seed: 1 });
    let window = [&noised];
    let mut batches = Vec::new();
    let rows = MonthRows::of_final(&window, &options, &weights, 1);
    rows.make(&mut |released| {
        batches.push(released);
        Ok(())
    })
    .unwrap();
    batches
}

/// How many of the published rows hold the truth, of everybody and of one prefecture.
fn covered(figures: &Figures, rows: &[Row]) -> [Share; 2] {
    let mut shares = [Share::default(); 2];
    for row in rows {
        let level = ["all", "prefecture"].iter().position(|level| *level == row.level);
        if let (Some((low, _, high)), Some(level)) = (row.value, level) {
            let (town, kind, origin) = &row.figure;
            let people = figures.people("connected_monthly", Area::parse(town).unwrap(), kind, origin);
            shares[level].add((low as f64..=high as f64).contains(&people), 1.0);
        }
    }
    shares
}

#[test]
fn intervals_hold_the_people_of_an_independent_panel_and_families_make_them_too_narrow() {
    let month = Month::parse("2025-12").unwrap();
    let mut nation = Nation::of_everybody(17, Everybody { people_a_device: 1.0 / SHARE, friendships: 0.0 });
    // What is done in the month is not asked here.
    let all = Cells { activity: Default::default(), ..nation.month(month, Detail::Origins) };
    let of = |families: f64| {
        let (ownership_sigma, second_phones, tied_factor) = (0.0, 0.0, 1.0);
        let selection =
            Selection { seed: 17, share: SHARE, ownership_sigma, families, second_phones, tied_factor };
        let panel = Panel::new(&nation, selection);
        let seen = panel.cells(&all);
        let figures = Figures::new(&nation, &all, &panel, &seen).unwrap();
        covered(&figures, &rows(&released(month, &seen)))
    };
    for share in of(0.0) {
        assert!(share.whole > 10_000.0 && (0.94..0.97).contains(&share.of()), "{share:?}");
    }
    // A design effect of two is in no count that is released: whoever estimates it changes these.
    for share in of(0.5) {
        assert!((0.82..0.91).contains(&share.of()), "{share:?}");
    }
}
