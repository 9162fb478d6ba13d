//! Every threshold, with its type and the values that it may have.
//!
//! In: the parameters of a definition file. Out: [`Thresholds`]. A value outside its range is refused with
//! the range, since a figure made with an impossible threshold looks like any other figure.

use std::collections::BTreeMap;

use super::error::DefinitionError;
use super::file::Parameter;
use super::quantity::{
    Count, Days, Factor, GramsPerKm, Hour, Hours, Kilometres, Metres, Minutes, Quantity, Share, Switch,
};

macro_rules! thresholds {
    (
        all { $($(#[doc = $doc:literal])* $name:ident: $type:ident in $range:expr,)* }
        rules { $($(#[doc = $rule_doc:literal])* $rule:ident: $rule_type:ident in $rule_range:expr,)* }
    ) => {
        /// The thresholds, by name. Units are in the names, the types and the definition file.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Thresholds {
            $($(#[doc = $doc])* pub $name: $type,)*
            $($(#[doc = $rule_doc])* pub $rule: Option<$rule_type>,)*
        }

        impl Thresholds {
            /// Every key a definition must have: the day's start, which the lake decides, and all thresholds.
            pub const KEYS: &'static [&'static str] = &[super::DAY_START, $(stringify!($name)),*];
            /// Every key that a definition has only when it has that rule.
            pub const RULES: &'static [&'static str] = &[$(stringify!($rule)),*];

            pub(super) fn read(parameters: &BTreeMap<String, Parameter>) -> Result<Self, DefinitionError> {
                let stated = |key: &'static str| parameters.get(key).map(|parameter| parameter.value);
                let value = |key: &'static str| stated(key).ok_or(DefinitionError::Missing { key });
                let all = Self {
                    $($name: $type::checked(stringify!($name), value(stringify!($name))?, $range)?,)*
                    $($rule: match stated(stringify!($rule)) {
                        Some(value) => Some($rule_type::checked(stringify!($rule), value, $rule_range)?),
                        None => None,
                    },)*
                };
                all.in_order()
            }
        }
    };
}

thresholds! {
    all {
        /// Fixes farther than this from a stay's centre end it.
        stay_radius_m: Metres in 10.0..=2_000.0,
        /// Longest gap between fixes at one place that a stay bridges by day.
        stay_gap_day_minutes: Minutes in 1.0..=1_440.0,
        /// Longest gap that a stay bridges when it touches the night window.
        stay_gap_night_minutes: Minutes in 1.0..=1_440.0,
        /// Gaps up to this count as observed, longer ones as inferred.
        observed_gap_minutes: Minutes in 1.0..=1_440.0,
        /// Least presence on a day that makes a visit.
        stay_min_minutes: Minutes in 1.0..=1_440.0,
        /// Local hour at which the night window starts.
        night_start_hour: Hour in 16.0..=23.0,
        /// Local hour of the next day at which the night window ends.
        night_end_hour: Hour in 1.0..=12.0,
        /// Start of the hours that count twice.
        night_core_start_hour: Hour in 0.0..=11.0,
        /// End of the hours that count twice.
        night_core_end_hour: Hour in 1.0..=12.0,
        /// Least stay in the night window for a known night.
        overnight_min_minutes: Minutes in 1.0..=720.0,
        /// Least probability of a bed that was not observed.
        night_min_probability: Share in 0.5..=1.0,
        /// Days without a fix beyond which the nights between are nobody's.
        silence_max_days: Days in 2.0..=366.0,
        /// Days of the window for the primary residence.
        home_window_days: Days in 7.0..=366.0,
        /// Least known nights in that window.
        home_min_nights: Count in 1.0..=366.0,
        /// Days since an identifier was first seen before it can be located.
        located_min_days: Days in 1.0..=366.0,
        /// Least known nights a year at any residence.
        residence_min_known_nights: Count in 1.0..=366.0,
        /// Days of a month on which an identifier is seen that make it one of the month's panel.
        panel_min_days: Count in 1.0..=28.0,
        /// Such months among twelve that make it one of the year's panel.
        panel_min_months: Count in 1.0..=12.0,
        /// Most days between the first and the last sighting of a visitor from abroad.
        abroad_max_days: Days in 1.0..=366.0,
        /// Least distance of a second residence from the primary one.
        second_residence_min_km: Kilometres in 0.0..=500.0,
        /// Least nights a year at a second residence.
        second_residence_min_nights: Count in 1.0..=366.0,
        /// Months with nights that make a regular second residence.
        second_residence_min_months: Count in 1.0..=12.0,
        /// Least run of nights that makes a seasonal one.
        second_residence_run_nights: Count in 1.0..=366.0,
        /// Least nights that a single change from one residence to the other does not explain.
        second_residence_min_return_nights: Count in 1.0..=366.0,
        /// Days between a long run of nights and another stay there that is a return.
        long_stay_return_days: Days in 1.0..=366.0,
        /// Least distance of a visit from the primary residence.
        visitor_min_km: Kilometres in 0.0..=500.0,
        /// Working days a month that make a commuter.
        commuter_min_days: Count in 1.0..=31.0,
        /// Start of the commuter hours.
        commuter_start_hour: Hour in 5.0..=27.0,
        /// End of the commuter hours.
        commuter_end_hour: Hour in 5.0..=28.0,
        /// Share of ordinary working days that a commuter spends at home without working.
        day_off_share: Share in 0.0..=0.5,
        /// Share of commuters who also work at home.
        teleworkers_share: Share in 0.001..=0.999,
        /// Share of working days on which they do, on average.
        telework_mean_share: Share in 0.01..=0.5,
        /// Grams of CO2 that a commuting kilometre costs.
        commute_co2_g_per_km: GramsPerKm in 0.0..=1_000.0,
        /// Kilometres of a commute for each kilometre of the straight line.
        commute_detour_factor: Factor in 1.0..=5.0,
        /// Separate visits that make a repeat visitor.
        repeat_min_visits: Count in 1.0..=366.0,
        /// Separate visits that make a connected person.
        connected_min_visits: Count in 1.0..=366.0,
        /// Calendar quarters with a visit that make a connected person.
        connected_min_quarters: Count in 1.0..=5.0,
        /// Start of the telework hours.
        telework_start_hour: Hour in 5.0..=27.0,
        /// End of the telework hours.
        telework_end_hour: Hour in 5.0..=28.0,
        /// Least hours in one place within the telework hours.
        telework_min_hours: Hours in 1.0..=24.0,
        /// Telework days that make a workation.
        workation_min_days: Count in 1.0..=366.0,
        /// Nights away from every residence that make an itinerant life.
        itinerant_min_nights: Count in 1.0..=366.0,
        /// Municipalities over which these nights must be spread.
        itinerant_min_municipalities: Count in 1.0..=366.0,
        /// Part of the weeks with such a night that must have no night at the primary residence.
        itinerant_full_weeks_share: Share in 0.0..=1.0,
        /// Released figures are rounded to multiples of this.
        rounding_base: Count in 1.0..=10_000.0,
    }
    rules {
        /// Hours in a municipality on one day that make a visit of it nearer than the least distance; so does a night.
        near_visit_min_hours: Hours in 0.5..=24.0,
        /// Whether municipalities beside that of the residence are left out.
        adjacent_excluded: Switch in 0.0..=1.0,
        /// Whether people who work in a municipality are its visitors too.
        commuters_counted: Switch in 0.0..=1.0,
        /// Most visit days of twelve months; who comes more often is no visitor.
        max_visit_days: Count in 1.0..=366.0,
        /// Most known nights of twelve months; who sleeps there more often is no visitor.
        max_nights: Count in 1.0..=366.0,
        /// Most municipalities that one person is connected to.
        max_municipalities: Count in 1.0..=100.0,
    }
}

impl Thresholds {
    /// Whether somebody must know which municipalities lie side by side.
    pub fn asks_for_neighbours(&self) -> bool {
        self.adjacent_excluded.is_some_and(Switch::is_on)
    }

    /// Whether people who work in a municipality are its visitors too.
    pub fn counts_commuters(&self) -> bool {
        self.commuters_counted.is_some_and(Switch::is_on)
    }

    /// Refuses a span of hours that ends before it begins.
    fn in_order(self) -> Result<Self, DefinitionError> {
        let spans = [
            (
                "night_core_start_hour",
                self.night_core_start_hour,
                "night_core_end_hour",
                self.night_core_end_hour,
            ),
            ("commuter_start_hour", self.commuter_start_hour, "commuter_end_hour", self.commuter_end_hour),
            ("telework_start_hour", self.telework_start_hour, "telework_end_hour", self.telework_end_hour),
        ];
        if let Some((first, _, then, _)) = spans.into_iter().find(|(_, start, _, end)| start >= end) {
            return Err(DefinitionError::Order { first, then });
        }
        let at_most = [
            (
                "night_core_end_hour",
                self.night_core_end_hour.into(),
                "night_end_hour",
                self.night_end_hour.into(),
            ),
            (
                "stay_gap_day_minutes",
                self.stay_gap_day_minutes.get(),
                "stay_gap_night_minutes",
                self.stay_gap_night_minutes.get(),
            ),
            (
                "home_min_nights",
                self.home_min_nights.into(),
                "home_window_days",
                self.home_window_days.into(),
            ),
        ];
        match at_most.into_iter().find(|(_, less, _, more): &(_, f64, _, f64)| less > more) {
            Some((less, _, more, _)) => Err(DefinitionError::Exceeds { less, more }),
            None => Ok(self),
        }
    }
}
