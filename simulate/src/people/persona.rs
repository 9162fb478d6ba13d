//! The kinds of life, and who leads which.
//!
//! In: the index of a person, and what lives a world has. Out: the persona, with its regime for a dual resident.
//! Steps of the golden ratio spread the shares evenly over any run of indices, so that a small world has
//! every kind too. Shares of plain lives (each person has one; ordinary people also take occasional trips,
//! and 15 % of everybody visits kin):
//!
//! | persona | share | what makes it |
//! |---|---|---|
//! | resident | 15 % | lives in the region; half of them work in their own town |
//! | seasonal_worker | 1 % | once a year 1 to 3 months in another town, in a lodging, at work by day |
//! | commuter | 19 % | works 3 to 40 km away on working days, some telework at home |
//! | one_off | 14 % | one trip a year, a day or 1 to 2 nights |
//! | repeat | 18 % | 2 to 30 visits a year to the same town |
//! | dual | 12 % | two residences, six regimes of 2 % each |
//! | mover | 3 % | moves house once |
//! | workation | 6 % | 1 to 4 stays a year of 3 to 10 days, works at one point there |
//! | satellite | 2 % | works in a satellite office 1 to 4 times a month, some nights |
//! | business | 3 % | trips of 1 to 2 nights, meetings that move about |
//! | kin | 4 % | goes to the kin's town at Obon and New Year |
//! | itinerant | 1 % | months in a campervan, 1 to 4 nights in a place |
//! | passing | 2 % | drives through towns and stops at most 20 minutes |
//!
//! Real lives have other shares of these ([`REAL_SHARES`]) and fifteen kinds more:
//!
//! | persona | what makes it |
//! |---|---|
//! | shift_worker | 8 night shifts a month (21 to 7) at a workplace 12 to 40 km away, other shifts by day |
//! | rotating_shifts | weeks of early, late and night shifts in turn |
//! | night_worker | five nights a week at work (21 to 6), sleeps at home by day |
//! | hospital | once 35 to 45 nights in a building 12 to 60 km from home, never out of it |
//! | birth | once 60 to 89 nights at the parents' in another town, hardly out; a third come again as kin |
//! | long_absence | once 100 to 250 nights in one building, the phone mostly off |
//! | posted | 単身赴任: lives and works at the post, 2 to 4 weekends a month with the family |
//! | student | lives at the university, spends holidays at the parents' |
//! | driver | a lorry: 2 to 4 nights a week in the cab, at motorway areas of changing towns |
//! | crew | three to five who work away together for 1 to 3 weeks, again and again |
//! | family | two to four who live and travel together |
//! | room_workation | works in the room where it sleeps |
//! | dual_then_moved | a dual resident for months who then moves, to the second town or to a third |
//! | office_neighbour | works in a shop 40 to 80 m from a satellite office |
//! | from_abroad | lands, 3 to 25 nights in hotels of 1 to 6 towns, leaves; no home in the country |

use crate::error::SimulateError;
use crate::world::{Lives, World};

/// What kind of life a person leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Persona {
    /// Lives in the region.
    Resident,
    /// Works elsewhere by day.
    Commuter,
    /// One trip a year.
    OneOff,
    /// Comes again to the same town.
    Repeat,
    /// Two residences.
    Dual,
    /// Moves house once.
    Mover,
    /// Works where others have holidays.
    Workation,
    /// Works regularly in a satellite office.
    Satellite,
    /// Business trips.
    Business,
    /// Visits kin at Obon and New Year.
    Kin,
    /// Lives on the road for months.
    Itinerant,
    /// Drives through.
    Passing,
    /// Works in another town for a season.
    SeasonalWorker,
    /// Some night shifts.
    ShiftWorker,
    /// Early, late and night weeks in turn.
    RotatingShifts,
    /// Works at night for good.
    NightWorker,
    /// A stay in hospital.
    Hospital,
    /// Goes to the parents' for a birth.
    Birth,
    /// Away for months, the phone off.
    LongAbsence,
    /// Lives at a post, the family elsewhere.
    Posted,
    /// Lives at the university, the parents elsewhere.
    Student,
    /// A tourist without a home in the country.
    FromAbroad,
    /// Sleeps in the lorry.
    Driver,
    /// Works away in a team.
    Crew,
    /// Travels with the family.
    Family,
    /// Workation in the room.
    RoomWorkation,
    /// Two residences, then a move.
    DualThenMoved,
    /// Works beside a satellite office.
    OfficeNeighbour,
}

/// The personas with their shares of all people. Seasonal workers stand beside residents, of whose share they
/// were taken, so that everybody else kept their persona.
pub(crate) const SHARES: [(Persona, f64); 13] = [
    (Persona::Resident, 0.15),
    (Persona::SeasonalWorker, 0.01),
    (Persona::Commuter, 0.19),
    (Persona::OneOff, 0.14),
    (Persona::Repeat, 0.18),
    (Persona::Dual, 0.12),
    (Persona::Mover, 0.03),
    (Persona::Workation, 0.06),
    (Persona::Satellite, 0.02),
    (Persona::Business, 0.03),
    (Persona::Kin, 0.04),
    (Persona::Itinerant, 0.01),
    (Persona::Passing, 0.02),
];

impl Persona {
    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Commuter => "commuter",
            Self::OneOff => "one_off",
            Self::Repeat => "repeat",
            Self::Dual => "dual",
            Self::Mover => "mover",
            Self::Workation => "workation",
            Self::Satellite => "satellite",
            Self::Business => "business",
            Self::Kin => "kin",
            Self::Itinerant => "itinerant",
            Self::Passing => "passing",
            Self::SeasonalWorker => "seasonal_worker",
            Self::ShiftWorker => "shift_worker",
            Self::RotatingShifts => "rotating_shifts",
            Self::NightWorker => "night_worker",
            Self::Hospital => "hospital",
            Self::Birth => "birth",
            Self::LongAbsence => "long_absence",
            Self::Posted => "posted",
            Self::Student => "student",
            Self::FromAbroad => "from_abroad",
            Self::Driver => "driver",
            Self::Crew => "crew",
            Self::Family => "family",
            Self::RoomWorkation => "room_workation",
            Self::DualThenMoved => "dual_then_moved",
            Self::OfficeNeighbour => "office_neighbour",
        }
    }

    /// Whether people of the kind share their plans with others: the least and greatest size of a party.
    pub(crate) fn party(self) -> Option<(u32, u32)> {
        match self {
            Self::Family => Some((2, 4)),
            Self::Crew => Some((3, 5)),
            _ => None,
        }
    }

    /// Whether somebody of the kind has two residences in one of the regimes.
    fn has_regime(self) -> bool {
        matches!(self, Self::Dual | Self::DualThenMoved)
    }
}

/// How a dual resident divides the nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Regime {
    /// Thursday to Sunday at the second residence: 4 nights and 3.
    Weekly,
    /// One week here, one week there.
    AlternateWeeks,
    /// Blocks of 60 % and 40 %.
    SixtyForty,
    /// Blocks of 80 % and 20 %.
    EightyTwenty,
    /// One block of one to three months a year.
    Seasonal,
    /// Three or four days every month.
    ThreeDaysMonthly,
}

impl Regime {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Weekly,
        Self::AlternateWeeks,
        Self::SixtyForty,
        Self::EightyTwenty,
        Self::Seasonal,
        Self::ThreeDaysMonthly,
    ];

    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::AlternateWeeks => "alternate_weeks",
            Self::SixtyForty => "60_40",
            Self::EightyTwenty => "80_20",
            Self::Seasonal => "seasonal",
            Self::ThreeDaysMonthly => "three_days_monthly",
        }
    }
}

/// The kinds of real lives with their shares of the people who live in the country.
pub(crate) const REAL_SHARES: [(Persona, f64); 27] = [
    (Persona::Resident, 0.185),
    (Persona::SeasonalWorker, 0.007),
    (Persona::Commuter, 0.22),
    (Persona::OneOff, 0.12),
    (Persona::Repeat, 0.13),
    (Persona::Dual, 0.06),
    (Persona::Mover, 0.025),
    (Persona::Workation, 0.015),
    (Persona::Satellite, 0.01),
    (Persona::Business, 0.015),
    (Persona::Kin, 0.04),
    (Persona::Itinerant, 0.005),
    (Persona::Passing, 0.01),
    (Persona::ShiftWorker, 0.02),
    (Persona::RotatingShifts, 0.012),
    (Persona::NightWorker, 0.01),
    (Persona::Hospital, 0.01),
    (Persona::Birth, 0.008),
    (Persona::LongAbsence, 0.005),
    (Persona::Posted, 0.012),
    (Persona::Student, 0.02),
    (Persona::Driver, 0.005),
    (Persona::Crew, 0.01),
    (Persona::Family, 0.025),
    (Persona::RoomWorkation, 0.01),
    (Persona::DualThenMoved, 0.006),
    (Persona::OfficeNeighbour, 0.005),
];

/// The personas of a world with their shares.
///
/// # Errors
/// [`SimulateError::Kind`] for a word that names none.
pub(crate) fn shares(world: &World) -> Result<Vec<(Persona, f64)>, SimulateError> {
    if world.lives == Lives::Plain {
        return Ok(SHARES.to_vec());
    }
    let abroad = world.society.abroad_percent / 100.0;
    let at_home = REAL_SHARES.iter().map(|(persona, share)| (*persona, share * (1.0 - abroad)));
    let mixture: Vec<(Persona, f64)> = at_home.chain([(Persona::FromAbroad, abroad)]).collect();
    let kinds = &world.society.kinds;
    if kinds.is_empty() {
        return Ok(mixture);
    }
    let named = |text: &String| {
        let found = mixture.iter().find(|(persona, _)| persona.as_str() == text);
        found.map(|(persona, _)| (*persona, 1.0 / kinds.len() as f64)).ok_or_else(|| SimulateError::Kind {
            text: text.clone(),
            known: mixture.iter().map(|(persona, _)| persona.as_str()).collect::<Vec<_>>().join(", "),
        })
    };
    kinds.iter().map(named).collect()
}

/// The persona of a person.
pub(crate) fn persona(shares: &[(Persona, f64)], index: u32) -> (Persona, Option<Regime>) {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let mut at = ((f64::from(index) + 0.5) * GOLDEN).fract();
    for &(persona, share) in shares {
        if at < share {
            let regime = Regime::ALL[((at / share * 6.0) as usize).min(5)];
            return (persona, persona.has_regime().then_some(regime));
        }
        at -= share;
    }
    (shares.first().map_or(Persona::Resident, |(persona, _)| *persona), None)
}
