//! Shifts: who works when, if not from nine to six.
//!
//! In: a kind of roster and where in it somebody stands. Out: the shift of each day, from the day alone, so
//! that no list of shifts is kept.

use kayoi_schemas::time::Day;

/// When somebody works on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    Off,
    /// 8:30 to 17:30.
    Day,
    /// 6 to 14.
    Early,
    /// 14 to 22.
    Late,
    /// From the evening into the next morning.
    Night,
}

/// Which shifts follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Fifteen days with two pairs of nights: eight a month.
    SomeNights,
    /// Weeks of early, late and night shifts in turn.
    Rotating,
    /// Five nights a week.
    Nights,
}

/// Somebody's place in a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Roster {
    pub kind: Kind,
    /// Days by which it is ahead of others'.
    pub phase: i32,
}

impl Roster {
    /// The shift that starts on a day.
    pub(crate) fn shift(self, day: Day) -> Shift {
        const FIFTEEN: &[u8; 15] = b"DD.NN..DDNN..D.";
        let ahead = day.0 + self.phase;
        let weekday = day.days_after_monday();
        match self.kind {
            Kind::SomeNights => match FIFTEEN[ahead.rem_euclid(15) as usize] {
                b'D' => Shift::Day,
                b'N' => Shift::Night,
                _ => Shift::Off,
            },
            // Day 0 of the epoch was a Thursday: weeks start on Mondays.
            Kind::Rotating if weekday < 5 => {
                let week = (day.0 + 3).div_euclid(7) + self.phase;
                [Shift::Early, Shift::Late, Shift::Night][week.rem_euclid(3) as usize]
            }
            Kind::Nights if ahead.rem_euclid(7) < 5 => Shift::Night,
            _ => Shift::Off,
        }
    }

    /// Local hours at which a night shift starts and, on the next day, ends.
    pub(crate) fn night_hours(self) -> (f64, f64) {
        match self.kind {
            Kind::SomeNights => (21.0, 7.0),
            Kind::Rotating => (22.0, 6.0),
            Kind::Nights => (21.0, 6.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nights(kind: Kind, phase: i32, days: i32) -> i32 {
        let roster = Roster { kind, phase };
        (20_000..20_000 + days).filter(|day| roster.shift(Day(*day)) == Shift::Night).count() as i32
    }

    #[test]
    fn each_roster_has_its_share_of_nights() {
        for phase in 0..15 {
            assert_eq!(nights(Kind::SomeNights, phase, 30), 8, "two months' halves make a month");
            assert_eq!(nights(Kind::Nights, phase, 70), 50);
            assert_eq!(nights(Kind::Rotating, phase, 210), 50);
        }
    }

    #[test]
    fn nobody_comes_from_a_night_into_an_early_shift() {
        let roster = Roster { kind: Kind::Rotating, phase: 1 };
        for day in (20_000..20_100).map(Day) {
            let pair = (roster.shift(day), roster.shift(day.plus(1)));
            assert!(pair != (Shift::Night, Shift::Early) && pair != (Shift::Night, Shift::Day), "{day:?}");
        }
    }
}
