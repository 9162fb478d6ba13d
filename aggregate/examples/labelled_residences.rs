//! Kayoi's side of `make accuracy-labelled`: homes and workplaces of people whose places annotators labelled.
//! `labelled_residences --stops FILE.csv --out FILE.jsonl [--window centred|month]`
//!
//! In: stops as CSV `user,loc,start,end`: local seconds, a user's locs numbered from 0. Out: a line of JSON
//! for each user and day with a stop: `user`, `day`, `homes` (the primary first), `work` (or null),
//! `confidence` (share of the window's nights expected at the primary home) and `work_confidence` (share of
//! seen working days at work).
//!
//! Beds, ledger and residences are the crate's, with the thresholds of the shipped definition. What differs
//! comes from the data. A place is a loc without coordinates, not a municipality: any two count as far apart,
//! so two locs of one house may be two residences, and a workplace is no place that is ever a residence. The
//! people's holidays are not known: a weekday is a working day.
//!
//! A release looks back: it is made when its month ends. A label belongs to a day, and who gave it saw the
//! days after it too. `centred`, the default, therefore takes as primary home the place with most expected
//! nights in the definition's home window laid around the day, and work likewise; `month` is what the month's
//! release says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write as _;

use kayoi_device::nights::chain::beds;
use kayoi_device::nights::evidence::{Beds, NightEvidence};
use kayoi_device::nights::sightings::{Place, Sighting};
use kayoi_device::residences::{self, Ledger, Regime, residences};
use kayoi_device::window::{NightHours, night_window};
use kayoi_schemas::definition::{Definition, Hour, Thresholds};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, Month, Span, UtcMillis};

/// The stops' times are local already, and the days that lines are about begin at midnight.
const LOCAL: DayRule = DayRule { utc_offset_minutes: 0, day_start_hour: 4 };
const CIVIL: DayRule = DayRule { utc_offset_minutes: 0, day_start_hour: 0 };
/// Kilometres between any two places.
const APART_KM: f64 = 100.0;
/// Least probability of the bed that a day begins or ends in.
const LIKELY: f64 = 0.5;
/// As in `work.rs`: least days at a workplace, months that it is found from, working days of a month.
const LEAST_DAYS: usize = 3;
const MONTHS: i32 = 3;
const WORKING_DAYS: f64 = 20.0;

type Failure = Box<dyn Error>;

/// A stop of someone, from arrival to departure.
struct Stop {
    place: Place,
    span: Span,
}

impl Stop {
    /// A stop that ends on the hour does not touch the next one.
    fn last_instant(&self) -> UtcMillis {
        UtcMillis(self.span.from.0.max(self.span.to.0 - 1))
    }

    fn days(&self) -> impl Iterator<Item = Day> + use<> {
        (CIVIL.day(self.span.from).0..=CIVIL.day(self.last_instant()).0).map(Day)
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1).map(String::as_str)
    };
    let usage = "usage: labelled_residences --stops FILE.csv --out FILE.jsonl [--window centred|month]";
    let is_centred = match option("--window") {
        None | Some("centred") => true,
        Some("month") => false,
        Some(_) => return Err(usage.into()),
    };
    let (stops, out) = (option("--stops").ok_or(usage)?, option("--out").ok_or(usage)?);
    let thresholds = Definition::connected_2026()?.thresholds;
    let mut lines = std::io::BufWriter::new(std::fs::File::create(out)?);
    for (user, stops) in read(stops)? {
        let life = Life::of(&stops, &thresholds, is_centred);
        let lasting = stops.iter().filter(|stop| stop.span.from < stop.span.to);
        for day in lasting.flat_map(Stop::days).collect::<BTreeSet<_>>() {
            writeln!(lines, "{{\"user\": {user}, \"day\": \"{day}\", {}}}", life.answer(day))?;
        }
    }
    Ok(lines.flush()?)
}

/// Stops by user.
fn read(path: &str) -> Result<BTreeMap<u32, Vec<Stop>>, Failure> {
    let mut people: BTreeMap<u32, Vec<Stop>> = BTreeMap::new();
    for (number, line) in (1..).zip(std::fs::read_to_string(path)?.lines()).skip(1) {
        let values: Result<Vec<i64>, _> = line.split(',').map(str::parse).collect();
        let Ok(&[user, loc, start, end]) = values.as_deref() else {
            return Err(format!("line {number} of the stops is not `user,loc,start,end` in numbers").into());
        };
        let span = Span { from: UtcMillis(start * 1000), to: UtcMillis(end * 1000) };
        let stop = Stop { place: Place(u16::try_from(loc)?), span };
        people.entry(u32::try_from(user)?).or_default().push(stop);
    }
    Ok(people)
}

/// Working days that begin and end at a residence, with the other places seen in working hours.
type WorkingDays = BTreeMap<Day, BTreeSet<Place>>;

/// What is known of one person.
struct Life<'a> {
    thresholds: &'a Thresholds,
    is_centred: bool,
    /// The first and the last night.
    nights: (Day, Day),
    ledger: Ledger<Place>,
    /// Residences of each month, the primary first.
    by_month: BTreeMap<Month, Vec<Place>>,
    working_days: WorkingDays,
}

impl<'a> Life<'a> {
    fn of(stops: &[Stop], thresholds: &'a Thresholds, is_centred: bool) -> Self {
        let (seen, observed) = (sightings(stops), observed(stops, thresholds));
        let (first, nights) = beds(&NightEvidence {
            sightings: &seen,
            observed: &observed.iter().map(|(night, place)| (*night, *place)).collect::<Vec<_>>(),
            place_count: stops.iter().map(|stop| usize::from(stop.place.0) + 1).max().unwrap_or(0),
            apart_km: &|_, _| APART_KM,
            hours: NightHours::of(thresholds),
            silence_max_days: thresholds.silence_max_days.get(),
        });
        let dated = || (first.0..).map(Day).zip(&nights);
        let bed = |beds: &Beds, least: f64| Some(beds.best().filter(|(_, share)| *share >= least)?.0);
        let known = dated().map(|(night, beds)| {
            observed.get(&night).copied().or_else(|| bed(beds, thresholds.night_min_probability.get()))
        });
        let is_observed = dated().map(|(night, _)| observed.contains_key(&night)).collect();
        let ledger = Ledger::new(first, known.collect(), nights.iter().map(|beds| beds.iter().collect()))
            .observed_only(is_observed)
            .seen_in(seen.iter().map(|at| (at.day, at.slot, at.place)));
        let last = first.plus(nights.len() as i32 - 1);
        let of_month = |month| {
            let all = residences(&ledger, (month, 1.0), thresholds, &|_, _| APART_KM);
            let lived_in = all.iter().filter(|residence| residence.regime != Regime::LongStay);
            (month, lived_in.map(|residence| residence.municipality).collect())
        };
        let by_month = (first.month().0..=last.month().0).map(Month).map(of_month).collect();
        let working_days = WorkingDays::new();
        let mut life = Self { thresholds, is_centred, nights: (first, last), ledger, by_month, working_days };
        let likely = dated().filter_map(|(night, beds)| Some((night, bed(beds, LIKELY)?))).collect();
        life.working_days = life.days_from_home(&seen, &likely);
        life
    }

    fn days_from_home(&self, seen: &[Sighting], beds: &BTreeMap<Day, Place>) -> WorkingDays {
        let all_days = (self.nights.0.0..=self.nights.1.0).map(Day);
        let homes: BTreeSet<Place> = all_days.flat_map(|day| self.homes(day)).collect();
        let is_home = |night: Day| beds.get(&night).is_some_and(|bed| homes.contains(bed));
        let slot = |hour: Hour| (i32::from(hour.get()) - LOCAL.day_start_hour) as u8;
        let hours = slot(self.thresholds.commuter_start_hour)..slot(self.thresholds.commuter_end_hour);
        let mut days = WorkingDays::new();
        for seen in seen.iter().filter(|seen| hours.contains(&seen.slot) && !seen.day.is_weekend()) {
            if is_home(seen.day.plus(-1)) && is_home(seen.day) {
                let out = Some(seen.place).filter(|place| !homes.contains(place));
                days.entry(seen.day).or_default().extend(out);
            }
        }
        days
    }

    /// So many days around a day, or the window of its month.
    fn window(&self, day: Day, length: i32, of_month: (Day, Day)) -> (Day, Day) {
        let end = day.plus(length / 2);
        let (first, last) = if self.is_centred { (end.plus(1 - length), end) } else { of_month };
        (first.max(self.nights.0), last.min(self.nights.1))
    }

    fn home_window(&self, day: Day) -> (Day, Day) {
        self.window(day, self.thresholds.home_window_days.get(), residences::window(day.month()))
    }

    /// The homes on a day, the primary first.
    fn homes(&self, day: Day) -> Vec<Place> {
        let of_month = self.by_month.get(&day.month()).cloned().unwrap_or_default();
        if !self.is_centred {
            return of_month;
        }
        let (first, last) = self.home_window(day);
        if (self.ledger.known(first, last).count() as u32) < self.thresholds.home_min_nights.get() {
            return Vec::new();
        }
        let nights = |place: Place| self.ledger.nights(place, first, last);
        let most = self.ledger.places().reduce(|a, b| if nights(b) > nights(a) { b } else { a });
        let Some(primary) = most else { return Vec::new() };
        // Who lives in two places is in one of them now. Who lives in neither has moved, or is about to.
        let others = if of_month.contains(&primary) { of_month } else { Vec::new() };
        [primary].into_iter().chain(others.into_iter().filter(|place| *place != primary)).collect()
    }

    /// The place other than a residence with most working days, and its share of those seen. Of equals the
    /// lowest.
    fn work(&self, day: Day) -> Option<(Place, f64)> {
        let month = day.month();
        let of_month = (month.plus(1 - MONTHS).first_day(), month.last_day());
        let (first, last) = self.window(day, MONTHS * 30, of_month);
        let seen = self.working_days.range(first..=last);
        let mut days: BTreeMap<Place, usize> = BTreeMap::new();
        seen.clone().flat_map(|(_, places)| places).for_each(|place| *days.entry(*place).or_default() += 1);
        let (place, there) = days.into_iter().min_by_key(|(place, days)| (Reverse(*days), *place))?;
        let share = there as f64 / seen.count() as f64;
        let is_often =
            there >= LEAST_DAYS && share * WORKING_DAYS >= f64::from(self.thresholds.commuter_min_days);
        is_often.then_some((place, share))
    }

    /// What a line says of a day.
    fn answer(&self, day: Day) -> String {
        let ((first, last), homes) = (self.home_window(day), self.homes(day));
        let nights = f64::from(last.0 - first.0 + 1);
        let sure = homes.first().map_or(0.0, |place| self.ledger.nights(*place, first, last) / nights);
        let homes: Vec<u16> = homes.iter().map(|place| place.0).collect();
        let work = self.work(day);
        let (work, share) = work.map_or(("null".to_owned(), 0.0), |(at, share)| (at.0.to_string(), share));
        format!(
            "\"homes\": {homes:?}, \"work\": {work}, \"confidence\": {sure:.4}, \"work_confidence\": {share:.4}"
        )
    }
}

/// In which hours the person was seen where, by time.
fn sightings(stops: &[Stop]) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = Vec::new();
    for stop in stops {
        for hour in stop.span.from.0.div_euclid(HOUR_MS)..=stop.last_instant().0.div_euclid(HOUR_MS) {
            let instant = UtcMillis(hour * HOUR_MS);
            let day = LOCAL.day(instant);
            let slot = ((instant.0 - LOCAL.day_start(day).0) / HOUR_MS) as u8;
            sightings.push(Sighting { day, slot, place: stop.place });
        }
    }
    sightings.sort_by_key(|sighting| (sighting.day, sighting.slot));
    sightings.dedup();
    sightings
}

/// Nights with a stop of the definition's least minutes: the place with most, the core hours counted twice.
fn observed(stops: &[Stop], thresholds: &Thresholds) -> BTreeMap<Day, Place> {
    let mut by_night: BTreeMap<Day, BTreeMap<Place, (f64, f64)>> = BTreeMap::new();
    for stop in stops {
        // A night that began the evening before may hold the stop as well.
        for night in CIVIL.day(stop.span.from).0 - 1..=CIVIL.day(stop.last_instant()).0 {
            let [window, core] = night_window(Day(night), thresholds, LOCAL);
            let minutes = stop.span.overlap_minutes(window);
            let total = by_night.entry(Day(night)).or_default().entry(stop.place).or_default();
            *total = (total.0 + minutes + stop.span.overlap_minutes(core), total.1 + minutes);
        }
    }
    let most = by_night.into_iter().filter_map(|(night, places)| {
        let most = places.into_iter().min_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let (place, (_, minutes)) = most?;
        (minutes >= thresholds.overnight_min_minutes.get()).then_some((night, place))
    });
    most.collect()
}
