//! Which change a town's figures could show at all.
//!
//! In: the newest figure of what is aimed at, with the ends of its 95 % interval. Out: by how many people the truth has to
//! move before the interval shows it in 8 of 10 cases, or that there is no figure and what to aim at instead. An officer is
//! told so when the target is written, not when the year is over.
//!
//! A figure that moves by (z(0.975) + z(0.8)) standard errors leaves the old value outside its interval with a probability
//! of 0.8; half the interval is z(0.975) of them (J. Cohen, Statistical Power Analysis, 2nd ed., 1988, §2).

use serde::Serialize;
use serde_json::{Map, Value};

/// (1.960 + 0.842) / 1.960.
const HALVES: f64 = 1.43;

/// What the newest figure says of a target.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "sight")]
pub enum Sight {
    /// The figure stands.
    Seen(Seen),
    /// There is none at this size.
    BelowSight {
        /// The word of the state.
        status: String,
        /// The table, and level in it, that may have an answer.
        ask_instead: Option<String>,
    },
}

/// A figure and what it could show.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Seen {
    /// People, newest.
    pub persons: f64,
    /// Lower end of the 95 % interval.
    pub persons_low: f64,
    /// Upper end.
    pub persons_high: f64,
    /// A true change of so many people is recognized in 8 of 10 cases.
    pub recognized_change: f64,
    /// Whether the target is further away than that.
    pub is_target_in_sight: bool,
}

/// The columns that [`sight`] reads, of the newest month of a town and kind.
pub fn question(town: &str, kind: &str) -> String {
    format!(
        "SELECT persons, persons_low, persons_high, status, ask_instead FROM connected_monthly \
         WHERE municipality_code = '{town}' AND kind = '{kind}' AND origin_code = 'all' \
           AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published')"
    )
}

/// What a row says of a target of so many people.
pub fn sight(row: Option<&Map<String, Value>>, target_persons: u32) -> Sight {
    let number = |name: &str| row.and_then(|row| row.get(name)).and_then(Value::as_f64);
    let text = |name: &str| row.and_then(|row| row.get(name)).and_then(Value::as_str).map(str::to_owned);
    match (number("persons"), number("persons_low"), number("persons_high")) {
        (Some(persons), Some(persons_low), Some(persons_high)) => {
            // The wider half: intervals of small figures reach further up than down.
            let half = (persons - persons_low).max(persons_high - persons);
            let recognized_change = (HALVES * half).ceil();
            let is_target_in_sight = (f64::from(target_persons) - persons).abs() >= recognized_change;
            Sight::Seen(Seen { persons, persons_low, persons_high, recognized_change, is_target_in_sight })
        }
        _ => Sight::BelowSight {
            status: text("status").unwrap_or_else(|| "hidden".to_owned()),
            ask_instead: text("ask_instead"),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_target_within_the_error_is_out_of_sight_and_one_beyond_it_is_not() {
        let row = json!({ "persons": 1000, "persons_low": 900, "persons_high": 1100, "status": "published" });
        let Sight::Seen(seen) = sight(row.as_object(), 1100) else { panic!("there is a figure") };
        assert_eq!((seen.recognized_change, seen.is_target_in_sight), (143.0, false));
        let Sight::Seen(seen) = sight(row.as_object(), 1150) else { panic!("there is a figure") };
        assert!(seen.is_target_in_sight);
    }

    #[test]
    fn where_there_is_no_figure_something_else_is_proposed() {
        let row = json!({ "persons": null, "persons_low": null, "persons_high": null, "status": "hidden",
            "ask_instead": "connected_rest_monthly" });
        let expected = Sight::BelowSight {
            status: "hidden".to_owned(),
            ask_instead: Some("connected_rest_monthly".to_owned()),
        };
        assert_eq!(sight(row.as_object(), 10), expected);
        assert!(matches!(sight(None, 10), Sight::BelowSight { .. }));
    }

    /// In how many of many worlds an interval shows a change of just that size.
    #[test]
    fn the_change_is_recognized_in_eight_of_ten_worlds() {
        use rand::{Rng, SeedableRng};
        let mut random = rand::rngs::SmallRng::seed_from_u64(7);
        let (error, worlds) = (50.0, 20_000);
        let half = 1.96 * error;
        let moved = 1000.0 + HALVES * half;
        let recognized = (0..worlds).filter(|_| {
            let (a, b): (f64, f64) = (random.random(), random.random());
            let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos();
            moved + error * normal - half > 1000.0
        });
        let share = recognized.count() as f64 / f64::from(worlds);
        assert!((0.78..0.82).contains(&share), "{share}");
    }
}
