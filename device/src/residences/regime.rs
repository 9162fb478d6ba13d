//! How a second residence is used: the rhythm of its nights.
//!
//! In: the known nights of a window. Out: a regime. A long run counts by its span, and a night that is not
//! known does not end it. The classes are Kayoi's; the two that decide whether a place is a residence at all
//! (many months, or one long run) are the operational rules of 二地域居住 (MLIT, FY2004).

use std::collections::BTreeSet;

use kayoi_schemas::calendar::is_near_kin_visit_period;
use kayoi_schemas::time::{Day, Month};

/// How a residence is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// The primary residence.
    Primary,
    /// Nights on the same days of most weeks.
    Weekly,
    /// Nights on Fridays and Saturdays.
    Weekend,
    /// About as many nights as elsewhere, in turns of about a week.
    Alternate,
    /// Some days every month.
    Monthly,
    /// One long run of nights.
    Seasonal,
    /// Blocks of nights in many months, in none of these rhythms.
    Blocks,
    /// One long run of nights and no return: a hospital, a birth at the parents'. No residence.
    LongStay,
}

impl Regime {
    /// The word in `residences.regime`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Weekly => "weekly",
            Self::Weekend => "weekend",
            Self::Alternate => "alternate",
            Self::Monthly => "monthly",
            Self::Seasonal => "seasonal",
            Self::Blocks => "blocks",
            Self::LongStay => "long_stay",
        }
    }
}

/// Share of nights on the three or two busiest days of the week that makes a weekly rhythm.
const WEEKLY_SHARE: f64 = 0.85;
/// Nights of one stay, on average, in a rhythm of weeks in turn.
const WEEK_NIGHTS: std::ops::RangeInclusive<f64> = 5.0..=9.0;
/// Share of all nights in the longest run that makes a season of it, when there are nights in many months as
/// well.
const SEASON_SHARE: f64 = 0.6;
/// Nights in a month with nights, on average, from which weeks in turn make about as many nights as
/// elsewhere.
const TURNS_NIGHTS: f64 = 9.0;
/// Nights in a month with nights, on average, up to which a use is that of some days every month.
const SOME_DAYS: f64 = 7.0;

/// The rhythm of a place's nights.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    nights: u32,
    runs: u32,
    longest: i32,
    months: BTreeSet<Month>,
    weekdays: [u32; 7],
    /// The first and the last night of the longest run.
    season: Option<(Day, Day)>,
}

impl Rhythm {
    pub(super) fn of<P: PartialEq>(known: impl Iterator<Item = (Day, P)>, place: &P) -> Self {
        let mut rhythm = Self::default();
        let mut run: Option<(Day, Day)> = None;
        for (night, slept) in known {
            // Only a night known elsewhere ends a run: unknown nights are not among these.
            if slept != *place {
                run = None;
                continue;
            }
            rhythm.nights += 1;
            rhythm.months.insert(night.month());
            rhythm.weekdays[night.days_after_monday() as usize % 7] += 1;
            let first = run.map_or(night, |(first, _)| first);
            rhythm.runs += u32::from(run.is_none());
            if night.0 - first.0 + 1 > rhythm.longest {
                rhythm.longest = night.0 - first.0 + 1;
                rhythm.season = Some((first, night));
            }
            run = Some((first, night));
        }
        rhythm
    }

    /// Whether a night at the place is a return: so many days before the longest run or after it, and not in the
    /// days when nearly everybody visits kin. `nights` are all known nights there, earlier years included: a run
    /// may have begun before the window, and a night elsewhere within so many days is a night out of it.
    pub(super) fn has_return(&self, nights: impl Iterator<Item = Day>, days: i32) -> bool {
        let Some((first, _)) = self.season else { return false };
        let nights: Vec<Day> = nights.collect();
        let stays = nights.chunk_by(|a, b| b.0 - a.0 < days);
        let mut others = stays.filter(|stay| !stay.contains(&first)).flatten();
        others.any(|night| !is_near_kin_visit_period(*night))
    }

    /// The regime; `None` when the place is not a residence. `months` are those with at least a night
    /// expected.
    pub(super) fn regime(&self, months: u32, min_months: u32, min_run: u32) -> Option<Regime> {
        let is_regular = months >= min_months;
        let nights = f64::from(self.nights);
        let has_long_run = i64::from(self.longest) >= i64::from(min_run);
        if has_long_run && (!is_regular || f64::from(self.longest) >= SEASON_SHARE * nights) {
            return Some(Regime::Seasonal);
        }
        if !is_regular {
            return None;
        }
        // Neighbouring days, over the end of the week as well: Sunday and Monday are as good a pair as any.
        let busiest = |days: usize| {
            let sums = (0..7).map(|from| (0..days).map(|day| self.weekdays[(from + day) % 7]).sum::<u32>());
            f64::from(sums.max().unwrap_or(0)) / nights.max(1.0)
        };
        let mean_run = nights / f64::from(self.runs.max(1));
        let of_month = nights / self.months.len().max(1) as f64;
        // Days count from Monday, and a night is its evening's: a weekend is the nights of Friday and
        // Saturday.
        let weekend = f64::from(self.weekdays[4] + self.weekdays[5]) / nights.max(1.0);
        // The first that fits: every weekend is also a weekly rhythm, and weeks in turn are also blocks.
        Some(match () {
            () if of_month <= SOME_DAYS && busiest(3) < WEEKLY_SHARE => Regime::Monthly,
            () if weekend >= WEEKLY_SHARE => Regime::Weekend,
            () if busiest(3) >= WEEKLY_SHARE => Regime::Weekly,
            () if WEEK_NIGHTS.contains(&mean_run) && of_month >= TURNS_NIGHTS => Regime::Alternate,
            () => Regime::Blocks,
        })
    }
}
