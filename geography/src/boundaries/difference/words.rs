//! The differences for people: counts, then a short list.

use std::fmt;

use kayoi_schemas::ids::MunicipalityCode;

use super::{Difference, Way};

/// Units that the list names.
const UNITS_NAMED: usize = 20;
/// Other units that it names for each.
const OTHERS_NAMED: usize = 3;

impl fmt::Display for Difference {
    /// For people: one line of counts, then the units that differ, at most 20 of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moved = self.moved.iter().fold(0.0, |sum, moved| sum + moved.km2);
        write!(
            f,
            "units since {}: {} as before, {} removed, {} added, {} changed; {} km² changed hands",
            self.previous_edition,
            self.unchanged_units,
            self.removed.len(),
            self.added.len(),
            self.changed.len(),
            Km2(moved)
        )?;
        let removed = self.removed.iter().map(|unit| {
            let now = Others { others: self.others(unit.code, Way::To), lead: ", now " };
            format!("removed  {}  {} km²{now}", unit.code, Km2(unit.km2))
        });
        let added = self.added.iter().map(|unit| {
            let before = Others { others: self.others(unit.code, Way::From), lead: ", before " };
            format!("added    {}  {} km²{before}", unit.code, Km2(unit.km2))
        });
        let changed = self.changed.iter().map(|unit| {
            let from = Others { others: self.others(unit.code, Way::From), lead: ", gained from " };
            let to = Others { others: self.others(unit.code, Way::To), lead: ", lost to " };
            let percent = unit.changed_share * 100.0;
            let (before, now) = (Km2(unit.previous_km2), Km2(unit.km2));
            format!("changed  {}  {before} to {now} km², {percent:.2} % of it{from}{to}", unit.code)
        });
        for line in removed.chain(added).chain(changed).take(UNITS_NAMED) {
            write!(f, "\n{line}")?;
        }
        let all = self.removed.len() + self.added.len() + self.changed.len();
        match all.checked_sub(UNITS_NAMED) {
            Some(more @ 1..) => write!(f, "\nand {more} more"),
            _ => Ok(()),
        }
    }
}

/// An area for people: two decimals, four below 1 km².
struct Km2(f64);

impl fmt::Display for Km2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = if self.0 >= 1.0 || self.0 == 0.0 { 2 } else { 4 };
        write!(f, "{:.decimals$}", self.0)
    }
}

/// The units that land came from or went to, the most first.
struct Others {
    others: Vec<(Option<MunicipalityCode>, f64)>,
    lead: &'static str,
}

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lead = self.lead;
        for (code, km2) in self.others.iter().take(OTHERS_NAMED) {
            let name = code.map_or_else(|| "nobody".to_owned(), |code| code.to_string());
            write!(f, "{lead}{name} ({} km²)", Km2(*km2))?;
            lead = ", ";
        }
        match self.others.len().checked_sub(OTHERS_NAMED) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}
