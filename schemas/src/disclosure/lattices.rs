//! The draws of each release table, as the ledger adds them up.
//!
//! In: nothing. Out: [`LATTICES`]. What a table computes from drawn figures costs nothing and is not here. A further
//! table brings its own declaration.

use super::lattice::{
    Draw, Lattice, Line, MOST_RUN_STARTS, MOST_STANDING_STARTS, MOST_YEAR_PANEL_STARTS, Strength, TIE_WINDOWS,
};
use crate::figure::{MOST_PURPOSES, MOST_VISIT_DAYS};
use crate::rebound::MOST_WAYS;
use crate::tables::ReleaseTable;

/// Figures of a municipality in which a tie is counted at a time: visitor, repeat, connected, one class of days, and
/// what it is for.
const KINDS_OF_A_TIE: u32 = 4 + MOST_PURPOSES;
/// The same without classes of days.
const NAMED_KINDS_OF_A_TIE: u32 = 3 + MOST_PURPOSES;
/// The same for a prefecture or the country, which have no classes of days.
const KINDS_OF_AN_AREA: u32 = 5;
/// Weekdays and holidays.
const DAY_TYPES: u32 = 2;

const fn of_a_year(what: &'static str, strength: Strength, figures: u32) -> Draw {
    let (windows, runs) = (figures * TIE_WINDOWS, MOST_RUN_STARTS);
    Draw { what, strength, windows, runs, is_correlated: true, cap: 1 }
}

const fn in_a_panel(what: &'static str, runs: u32) -> Draw {
    Draw { what, strength: Strength::Wide, windows: TIE_WINDOWS, runs, is_correlated: true, cap: 1 }
}

const fn of_a_month(what: &'static str, figures: u32, cap: u32) -> Draw {
    Draw { what, strength: Strength::TieMonth, windows: figures, runs: figures, is_correlated: true, cap }
}

/// Figures with noise of their own each month. Where a device is split over several, they count as one: the squares
/// of its parts add up to no more than one.
const fn alone(what: &'static str, figures: u32, cap: u32) -> Draw {
    Draw { what, strength: Strength::TieMonth, windows: figures, runs: figures, is_correlated: false, cap }
}

/// The same of prefectures and the country.
const fn wide(what: &'static str, figures: u32) -> Draw {
    Draw { what, strength: Strength::Wide, windows: figures, runs: figures, is_correlated: false, cap: 1 }
}

/// Times that a year's figures hold the visits of one year: two calendar years and two fiscal years.
const YEARS: u32 = 4;
/// Quarters that end in the months from which a visit of one year may be counted.
const QUARTERS: u32 = 8;

const fn of_years(what: &'static str, strength: Strength, windows: u32, cap: u32) -> Draw {
    Draw { what, strength, windows, runs: windows, is_correlated: false, cap }
}

/// Hours of weekdays and of days off.
const HOURS: u32 = 2 * 24;
/// The same of the hours that RESAS has.
const RESAS_HOURS: u32 = 2 * 4;
/// Before, after, lodging and entry.
const DIRECTIONS: u32 = 4;
/// Three time bands of weekdays and days off.
const BANDS: u32 = 2 * 3;
/// H3 of three resolutions, and meshes.
const GRIDS: u32 = 4;
/// Where people live, and where they work, which may be one municipality.
const SIDES: u32 = 2;
/// The prefecture and the country, in each of the three months whose days at home hold one month's.
const HOME_DAYS: u32 = 2 * 3;

/// A block and the country.
const LARGE_AREAS: u32 = 2;

/// Municipalities of whose figures one device may name the same other municipality, in a month and direction; more
/// are left out.
pub const MOST_NAMED: u32 = 3;

/// The lattices of all tables, as the ledger adds them up.
pub const LATTICES: [Lattice; 23] = [
    Lattice {
        table: ReleaseTable::ConnectedMonthly,
        line: Line::TieYear,
        draws: &[
            of_a_year("kind of tie, all origins", Strength::TieYear, KINDS_OF_A_TIE),
            of_a_year("kind of tie by prefecture of origin", Strength::TieYear, KINDS_OF_A_TIE),
            of_a_year("provisional totals of municipalities", Strength::Provisional, KINDS_OF_A_TIE),
        ],
    },
    Lattice {
        table: ReleaseTable::ConnectedTotalsMonthly,
        line: Line::TieYear,
        draws: &[
            of_a_year("distinct people of a prefecture", Strength::Wide, KINDS_OF_AN_AREA),
            of_a_year("distinct people of the country", Strength::Wide, KINDS_OF_AN_AREA),
        ],
    },
    Lattice {
        table: ReleaseTable::ReleaseWeights,
        line: Line::TieYear,
        draws: &[
            in_a_panel("residents of a prefecture in the year's panel", MOST_YEAR_PANEL_STARTS),
            in_a_panel("residents of a prefecture in the month's panel", MOST_RUN_STARTS),
        ],
    },
    Lattice {
        table: ReleaseTable::PanelCoverage,
        line: Line::TieYear,
        draws: &[in_a_panel("devices by what is known of where they live", MOST_STANDING_STARTS)],
    },
    Lattice {
        table: ReleaseTable::VisitorsDaily,
        line: Line::TieMonth,
        // Each day of a month, in the figure of all and in that of the own prefecture. Days share half of the
        // variance of their noise: for one who is there on d of D days, s'R⁻¹s = 2 (d - d² / (D + 1)), which is
        // most in half of the days: 16 of 31.
        draws: &[Draw {
            what: "visitors of a day: all, and from the own prefecture",
            strength: Strength::TieMonth,
            windows: 2 * 16,
            runs: 2 * 16,
            is_correlated: false,
            cap: 1,
        }],
    },
    Lattice {
        table: ReleaseTable::VisitorsMonthly,
        line: Line::TieMonth,
        draws: &[
            of_a_month(
                "visitors on weekdays and holidays: all, and by prefecture of origin",
                2 * DAY_TYPES,
                1,
            ),
            of_a_month("their person-days: all, and by prefecture of origin", 2 * DAY_TYPES, MOST_VISIT_DAYS),
        ],
    },
    Lattice {
        table: ReleaseTable::StaysMonthly,
        line: Line::TieMonth,
        draws: &[
            alone("visitors by where they slept and where they live", 1, 1),
            alone("visitors by nights of a visit", 1, 1),
            alone("visitors by hours of a day trip", 1, 1),
            alone("their nights", 1, 20),
        ],
    },
    Lattice {
        table: ReleaseTable::PresenceHourly,
        line: Line::TieMonth,
        draws: &[
            alone("people by hour and where they live", HOURS, 1),
            alone("people who stay for two hours by hour and where they live", RESAS_HOURS, 1),
        ],
    },
    Lattice {
        table: ReleaseTable::FlowsMonthly,
        line: Line::TieMonth,
        draws: &[
            // All whose other municipality is known, and each other one.
            alone("visitors by another municipality", 2 * DIRECTIONS, 1),
            alone("the same as the other municipality", DIRECTIONS * MOST_NAMED, 1),
        ],
    },
    Lattice {
        table: ReleaseTable::CellsMonthly,
        line: Line::TieMonth,
        draws: &[alone("people in cells by time band", BANDS * GRIDS, 1)],
    },
    Lattice {
        table: ReleaseTable::TripsMonthly,
        line: Line::TieMonth,
        draws: &[
            alone("visitors by size of trip", 1, 1),
            alone("visitors by another municipality of the trip", MOST_NAMED, 1),
            alone("the same as the other municipality", MOST_NAMED, 1),
        ],
    },
    Lattice {
        table: ReleaseTable::ConnectedDaysMonthly,
        line: Line::TieMonth,
        draws: &[
            alone("days by kind of tie", NAMED_KINDS_OF_A_TIE, 10),
            alone("nights by kind of tie", NAMED_KINDS_OF_A_TIE, 10),
        ],
    },
    Lattice {
        table: ReleaseTable::WorkMonthly,
        line: Line::TieMonth,
        draws: &[
            alone("commuters", SIDES, 1),
            alone("teleworkers", SIDES, 1),
            alone("days at work", SIDES, 23),
            alone("days of telework", SIDES, 16),
            wide("commuters by days at home", HOME_DAYS),
        ],
    },
    Lattice {
        table: ReleaseTable::GxMonthly,
        line: Line::TieMonth,
        draws: &[alone("kilometres saved", SIDES, 1_500)],
    },
    Lattice {
        table: ReleaseTable::ReboundYearly,
        line: Line::TieMonth,
        // A month lies in one fiscal year, and who works somewhere is in the block where they live and in the country.
        draws: &[
            wide("ways to work of teleworkers by distance", LARGE_AREAS),
            Draw {
                cap: MOST_WAYS,
                ..wide("the same with what of them is left on days of telework", LARGE_AREAS)
            },
        ],
    },
    Lattice {
        table: ReleaseTable::WorkationStaysMonthly,
        line: Line::TieMonth,
        draws: &[alone("guests of workation stays", 1, 1), alone("their nights", 1, 10)],
    },
    Lattice {
        table: ReleaseTable::OfficesMonthly,
        line: Line::TieMonth,
        draws: &[alone("users of offices", 1, 1), alone("their days", 1, 15)],
    },
    Lattice {
        table: ReleaseTable::DualRegimesYearly,
        line: Line::TieYear,
        draws: &[of_years("dual residents by rhythm", Strength::Yearly, YEARS, 1)],
    },
    Lattice {
        table: ReleaseTable::MunicipalitiesPerPersonYearly,
        line: Line::TieYear,
        // Of the prefecture and of the country.
        draws: &[of_years("connected people by number of municipalities", Strength::Wide, 2 * YEARS, 1)],
    },
    Lattice {
        table: ReleaseTable::MatchingYearly,
        line: Line::TieYear,
        // Visitor, connected and dual resident.
        draws: &[
            of_years("ties by municipality of residence and of work", Strength::Yearly, 3 * SIDES * YEARS, 1),
            of_years("residents of municipalities in the year's panel", Strength::Yearly, YEARS, 1),
        ],
    },
    Lattice {
        table: ReleaseTable::ItinerantsQuarterly,
        line: Line::TieYear,
        draws: &[
            of_years("people on the road", Strength::Wide, 2 * QUARTERS, 1),
            of_years("their nights", Strength::Wide, 2 * QUARTERS, 60),
        ],
    },
    Lattice {
        table: ReleaseTable::SegmentsYearly,
        line: Line::TieYear,
        // Visitor, connected and dual resident; of prefectures and of the country.
        draws: &[
            of_years("ties by age", Strength::Yearly, 3 * YEARS, 1),
            of_years("ties by sex", Strength::Yearly, 3 * YEARS, 1),
            of_years("ties of prefectures and the country by age and sex", Strength::Wide, 2 * 3 * YEARS, 1),
            of_years("residents of the year's panel by age and sex", Strength::Wide, 2 * YEARS, 1),
        ],
    },
    Lattice {
        table: ReleaseTable::PanelMonthly,
        line: Line::TieYear,
        // Visitor and connected, in meshes of two sizes.
        draws: &[of_years("ties by half of all homes", Strength::Wide, 2 * 2 * YEARS, 1)],
    },
];

impl Lattice {
    /// The lattice of a table; `None` for one that is computed from others.
    pub fn of(table: ReleaseTable) -> Option<&'static Self> {
        LATTICES.iter().find(|lattice| lattice.table == table)
    }
}
