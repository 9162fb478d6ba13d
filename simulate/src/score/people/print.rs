//! The score of people as tables.

use std::fmt;

use super::{Estimated, KindOfPerson, Pairs, People};
use crate::score::share::ratio;

/// A signed share, or a dash.
struct Signed(Option<f64>);

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{share:+6.3}"),
            None => f.write_str("     -"),
        }
    }
}

impl fmt::Display for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { people, panel, counted, counted_share, has_panel_table, .. } = self;
        let share = counted_share.map_or("-".to_owned(), |share| format!("{share:.3}"));
        let which = if *has_panel_table { "in the year's panel" } else { "located; the lake has no panel" };
        writeln!(f, "people: {people}, {panel} in the panel, it speaks for {counted} ({share}, {which})")?;
        writeln!(
            f,
            "{:<18}{:>9}{:>10}{:>8}{:>12}{:>8}",
            "everybody", "truth", "estimate", "bias", "no error", "bias"
        )?;
        estimated(f, "second residences", &self.dual)?;
        estimated(f, "connected", &self.connected)?;
        writeln!(f, "{:<18}{:>9}{:>9}{:>12}", "kind of tie", "true", "seen", "seen / true")?;
        for (kind, shown) in &self.shown {
            let share = ratio(shown.seen as f64, shown.truth as f64);
            let share = share.map_or("-".to_owned(), |share| format!("{share:.3}"));
            writeln!(f, "  {kind:<16}{:>9}{:>9}{share:>12}", shown.truth, shown.seen)?;
        }
        let titles = ["people", "panel", "speaks", "located", "right", "second", "true", "abroad"];
        write!(f, "{:<18}", "kind of person")?;
        titles.iter().try_for_each(|title| write!(f, "{title:>9}"))?;
        writeln!(f)?;
        for (kind, of_kind) in &self.by_kind {
            row(f, kind, of_kind)?;
        }
        pairs(f, "second residences", &self.dual.pairs, self, |of_kind| &of_kind.dual)?;
        pairs(f, "connected", &self.connected.pairs, self, |of_kind| &of_kind.connected)
    }
}

fn estimated(f: &mut fmt::Formatter<'_>, name: &str, estimated: &Estimated) -> fmt::Result {
    let Estimated { pairs, estimate, estimate_without_error, bias, bias_of_inference } = estimated;
    let (bias, inference) = (Signed(*bias), Signed(*bias_of_inference));
    let truth = pairs.truth_all;
    writeln!(f, "{name:<18}{truth:>9}{estimate:>10.0}  {bias}{estimate_without_error:>12.0}  {inference}")
}

fn row(f: &mut fmt::Formatter<'_>, kind: &str, of_kind: &KindOfPerson) -> fmt::Result {
    let KindOfPerson {
        people, panel, counted, located, primary_right, with_second, with_true_second, ..
    } = of_kind;
    let abroad = of_kind.called_from_abroad;
    writeln!(
        f,
        "  {kind:<16}{people:>9}{panel:>9}{counted:>9}{located:>9}{primary_right:>9}{with_second:>9}{with_true_second:>9}{abroad:>9}"
    )
}

fn pairs(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    all: &Pairs,
    people: &People,
    of: fn(&KindOfPerson) -> &Pairs,
) -> fmt::Result {
    write!(f, "{name:<18}")?;
    let titles = ["truth", "in panel", "seen", "found", "invented", "doubled", "missed"];
    titles.iter().try_for_each(|title| write!(f, "{title:>9}"))?;
    writeln!(f)?;
    line(f, "all", all)?;
    let kinds = people.by_kind.iter().map(|(kind, of_kind)| (kind, of(of_kind)));
    let is_there = |(_, pairs): &(&String, &Pairs)| pairs.truth_all + pairs.seen > 0;
    kinds.filter(is_there).try_for_each(|(kind, pairs)| line(f, kind, pairs))
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, pairs: &Pairs) -> fmt::Result {
    let Pairs { truth_all, panel_truth, seen, found, invented, doubled, missed } = pairs;
    writeln!(
        f,
        "  {name:<16}{truth_all:>9}{panel_truth:>9}{seen:>9}{found:>9}{invented:>9}{doubled:>9}{missed:>9}"
    )
}
