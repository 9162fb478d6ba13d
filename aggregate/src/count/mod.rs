//! Ties of devices → exact counts.
//!
//! In: device records, one after the other. Out: how many distinct devices have which combination of
//! properties, per area and period. A combination is an [`Atom`]: every figure of a release is a sum of atoms,
//! which is what lets disclosure control see all figures that could give a hidden one back. Memory grows with
//! areas and periods, not with devices.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::release::TieKind;
use kayoi_schemas::time::{Day, Month};

use crate::device::DeviceRecord;
use crate::ties::{Excluded, Tie};

/// How often a device comes: each rung contains those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// One visit.
    OneOff,
    /// Repeat, not connected.
    Repeat,
    /// Connected.
    Connected,
}

/// A combination of properties. Two devices in one atom cannot be told apart in any release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atom {
    /// Prefecture of the primary residence.
    pub origin: PrefectureCode,
    /// Class of visit days, by its lower end; 0 where an area has several municipalities.
    pub days_from: u16,
    /// How often it comes.
    pub rung: Rung,
    /// Lives there too.
    pub is_dual_resident: bool,
    /// Works there away from home.
    pub is_workation: bool,
}

impl Atom {
    /// Whether the atom belongs to a kind of tie.
    pub fn is(&self, kind: TieKind) -> bool {
        match kind {
            TieKind::Visitor => true,
            TieKind::Repeat => self.rung >= Rung::Repeat,
            TieKind::Connected => self.rung >= Rung::Connected,
            TieKind::DualResident => self.is_dual_resident,
            TieKind::Workation => self.is_workation,
            TieKind::Days(from, _) => self.days_from == from,
        }
    }
}

/// Devices per atom.
pub type Atoms = BTreeMap<Atom, u64>;

/// A prefecture, or the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// All of Japan.
    Country,
    /// One prefecture.
    Prefecture(PrefectureCode),
}

impl Area {
    /// Whether a prefecture lies in it.
    pub fn contains(self, prefecture: PrefectureCode) -> bool {
        match self {
            Self::Country => true,
            Self::Prefecture(own) => own == prefecture,
        }
    }
}

/// Exact counts of everything that is released.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// Ties of a municipality in a month.
    pub monthly: BTreeMap<(Month, MunicipalityCode), Atoms>,
    /// Distinct devices of a larger area in a month.
    pub totals: BTreeMap<(Month, Area), Atoms>,
    /// Visitors of a municipality on a day, by prefecture of residence.
    pub daily: BTreeMap<(Day, MunicipalityCode), BTreeMap<PrefectureCode, u64>>,
    /// Devices with a primary residence in a prefecture, for weights.
    pub residents: BTreeMap<(Month, PrefectureCode), u64>,
}

/// The kinds that a definition counts, in the order of a release.
pub fn kinds(definition: &Definition) -> Vec<TieKind> {
    use TieKind::{Connected, DualResident, Repeat, Visitor, Workation};
    let mut kinds = vec![Visitor, Repeat, Connected, DualResident, Workation];
    let bins = &definition.visit_day_bins;
    kinds.extend(
        bins.iter().enumerate().map(|(i, low)| TieKind::Days(*low, bins.get(i + 1).map(|next| next - 1))),
    );
    kinds
}

impl Indicators {
    /// Counts one device.
    pub fn count(&mut self, record: &DeviceRecord, definition: &Definition) {
        for (month, residences) in &record.residences {
            if let Some(primary) = residences.first() {
                *self.residents.entry((*month, primary.municipality.prefecture())).or_default() += 1;
            }
        }
        for (day, municipality, origin) in &record.visitor_days {
            *self.daily.entry((*day, *municipality)).or_default().entry(origin.prefecture()).or_default() +=
                1;
        }
        for (month, ties) in &record.ties {
            let mut areas: BTreeMap<Area, Atom> = BTreeMap::new();
            for (tie, origin) in ties.iter().filter_map(counted) {
                let atom = atom(tie, origin, definition);
                *self.monthly.entry((*month, tie.municipality)).or_default().entry(atom).or_default() += 1;
                for area in [Area::Country, Area::Prefecture(tie.municipality.prefecture())] {
                    areas
                        .entry(area)
                        .and_modify(|known| join(known, atom))
                        .or_insert(Atom { days_from: 0, ..atom });
                }
            }
            for (area, atom) in areas {
                *self.totals.entry((*month, area)).or_default().entry(atom).or_default() += 1;
            }
        }
    }

    /// Adds the counts of other devices.
    pub fn add(&mut self, other: Self) {
        merge(&mut self.monthly, other.monthly);
        merge(&mut self.totals, other.totals);
        merge(&mut self.daily, other.daily);
        for (key, count) in other.residents {
            *self.residents.entry(key).or_default() += count;
        }
    }
}

fn merge<K: Ord, A: Ord>(into: &mut BTreeMap<K, BTreeMap<A, u64>>, from: BTreeMap<K, BTreeMap<A, u64>>) {
    for (key, counts) in from {
        let known = into.entry(key).or_default();
        for (atom, count) in counts {
            *known.entry(atom).or_default() += count;
        }
    }
}

fn counted(tie: &Tie) -> Option<(&Tie, PrefectureCode)> {
    (tie.excluded == Excluded::No).then_some((tie, tie.origin?.prefecture()))
}

fn atom(tie: &Tie, origin: PrefectureCode, definition: &Definition) -> Atom {
    let rung = match (tie.is_connected, tie.is_repeat) {
        (true, _) => Rung::Connected,
        (false, true) => Rung::Repeat,
        (false, false) => Rung::OneOff,
    };
    Atom {
        origin,
        days_from: definition.visit_day_class(tie.visit_days).0,
        rung,
        is_dual_resident: tie.is_dual_resident,
        is_workation: tie.is_workation,
    }
}

/// A device with several ties in an area has the strongest property of each.
fn join(known: &mut Atom, other: Atom) {
    known.rung = known.rung.max(other.rung);
    known.is_dual_resident |= other.is_dual_resident;
    known.is_workation |= other.is_workation;
}
