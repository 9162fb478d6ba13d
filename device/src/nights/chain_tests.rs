//! The passes against an oracle that tries every sequence of beds.

use proptest::prelude::*;

use super::*;
use crate::window::NightHours;

/// 2026-03-02, a Monday.
const FIRST: Day = Day(20_514);
const PLACES: usize = 2;

fn hours() -> NightHours {
    NightHours::of(&kayoi_schemas::definition::Definition::connected_2026().unwrap().thresholds)
}

fn apart_km(a: Place, b: Place) -> f64 {
    if a == b { 0.0 } else { 60.0 }
}

/// How well a day suits a bed before it and one after it, by the definition: one bed all day, or a
/// change-over before one of the sightings or after the last, summed.
fn day_weight(
    day: &[Sighting],
    beds: (Option<u16>, Option<u16>),
    habits: &Habits,
    evidence: &NightEvidence,
) -> f64 {
    let of = |bed, part: &[Sighting]| -> f64 {
        part.iter().map(|sighting| likely(bed, sighting, habits, evidence)).product()
    };
    if beds.0 == beds.1 {
        return of(beds.0, day);
    }
    let mut mass = Vec::new();
    change_mass(day, &mut mass);
    let changes = mass.iter().enumerate();
    changes.map(|(at, mass)| mass * of(beds.0, &day[..at]) * of(beds.1, &day[at..])).sum()
}

/// Every sequence of beds, the night before the first day included, with its weight.
fn sequences(chain: &Chain, habits: &Habits, nights: usize) -> Vec<(Vec<Option<u16>>, f64)> {
    let beds = |number: usize| states(&chain.local[number]).collect::<Vec<_>>();
    let mut all: Vec<(Vec<Option<u16>>, f64)> =
        beds(0).into_iter().map(|bed| (vec![bed], habits.share(bed))).collect();
    for number in 0..nights {
        let extended = all.iter().flat_map(|(sequence, weight)| {
            let from = *sequence.last().unwrap();
            beds(number).into_iter().map(move |to| {
                let day = day_weight(chain.day(number), (from, to), habits, chain.evidence);
                let change = habits.change(from, to, FIRST.plus(number as i32));
                let longer = [sequence.as_slice(), &[to]].concat();
                (longer, weight * day * change * chain.against(number, to))
            })
        });
        all = extended.collect();
    }
    let total: f64 = all.iter().map(|(_, weight)| weight).sum();
    all.iter_mut().for_each(|(_, weight)| *weight /= total);
    all
}

/// The probability of a bed on a night; the first of a sequence is the night before.
fn share(sequences: &[(Vec<Option<u16>>, f64)], number: usize, bed: Option<u16>) -> f64 {
    sequences.iter().filter(|(beds, _)| beds[number + 1] == bed).map(|(_, weight)| weight).sum()
}

/// What the sequences teach of a device.
fn learned(chain: &Chain, habits: &Habits) -> Habits {
    let mut learned = habits.start_over();
    for (beds, weight) in sequences(chain, habits, chain.nights) {
        for number in 0..chain.nights {
            let (from, to) = (beds[number], beds[number + 1]);
            learned.slept(to, weight);
            // A silent day teaches nothing.
            if number > 0 && !chain.day(number).is_empty() {
                learned.changed(from, to, FIRST.plus(number as i32), weight);
            }
            if let (Some(base), true, true) = (from, from == to, number > 0) {
                learned.went_out(Place(base), chain.day(number), weight);
            }
        }
    }
    learned
}

fn assert_same_habits(a: &Habits, b: &Habits, evidence: &NightEvidence) -> Result<(), TestCaseError> {
    let beds = [Some(0), Some(1), None];
    prop_assert_eq!(a.regulars(), b.regulars());
    for from in beds {
        prop_assert!((a.share(from) - b.share(from)).abs() < 1e-9);
        for to in beds {
            for weekday in 0..7 {
                let on = |habits: &Habits| habits.change(from, to, FIRST.plus(weekday));
                prop_assert!((on(a) - on(b)).abs() < 1e-9, "{from:?} {to:?} {} {}", on(a), on(b));
            }
            if let (Some(from), Some(to)) = (from, to) {
                let goes = |habits: &Habits| habits.goes_to(Place(from), Place(to), evidence);
                prop_assert!((goes(a) - goes(b)).abs() < 1e-9);
            }
        }
    }
    Ok(())
}

/// Up to four days with sightings at up to two places, the first day and the last never silent.
fn sighted() -> impl Strategy<Value = Vec<Sighting>> {
    let day = |least: usize| prop::collection::vec((0u8..24, 0u16..PLACES as u16), least..6);
    (day(1), prop::collection::vec(day(0), 0..3), day(1)).prop_map(|(first, middle, last)| {
        let days = [first].into_iter().chain(middle).chain([last]);
        let mut sightings: Vec<Sighting> = (0..)
            .zip(days)
            .flat_map(|(number, day)| {
                let sighting =
                    move |(slot, place)| Sighting { day: FIRST.plus(number), slot, place: Place(place) };
                day.into_iter().map(sighting)
            })
            .collect();
        sightings.sort_by_key(|sighting| (sighting.day, sighting.slot));
        sightings
    })
}

fn observed() -> impl Strategy<Value = Vec<(Day, Place)>> {
    prop::collection::btree_map(0i32..5, 0u16..PLACES as u16, 0..3).prop_map(|nights| {
        nights.into_iter().map(|(number, place)| (FIRST.plus(number), Place(place))).collect()
    })
}

proptest! {
    #[test]
    fn the_forward_pass_knows_what_all_sequences_up_to_a_night_say(
        sightings in sighted(), observed in observed()
    ) {
        let evidence =
            NightEvidence { sightings: &sightings, observed: &observed, place_count: PLACES, apart_km: &apart_km, hours: hours(), silence_max_days: 14 };
        let last = sightings[sightings.len() - 1].day;
        let habits = Habits::guess(&evidence, FIRST, last);
        let mut chain = Chain::new(&evidence, FIRST, last);
        chain.choose_states(&habits);
        chain.forward(&habits);
        for number in 0..chain.nights {
            let so_far = sequences(&chain, &habits, number + 1);
            for (index, bed) in states(&chain.local[number]).enumerate() {
                let (fast, slow) = (chain.forward[chain.starts[number] + index], share(&so_far, number, bed));
                prop_assert!((fast - slow).abs() < 1e-9, "night {number}, {bed:?}: {fast} {slow}");
            }
        }
    }

    #[test]
    fn both_passes_and_what_they_learn_agree_with_all_sequences(
        sightings in sighted(), observed in observed()
    ) {
        let evidence =
            NightEvidence { sightings: &sightings, observed: &observed, place_count: PLACES, apart_km: &apart_km, hours: hours(), silence_max_days: 14 };
        let last = sightings[sightings.len() - 1].day;
        let mut habits = Habits::guess(&evidence, FIRST, last);
        let mut chain = Chain::new(&evidence, FIRST, last);
        let mut expected = Vec::new();
        for _ in 0..2 {
            chain.choose_states(&habits);
            chain.forward(&habits);
            let mut fast = habits.start_over();
            chain.backward(&mut fast);
            let slow = learned(&chain, &habits);
            assert_same_habits(&fast, &slow, &evidence)?;
            expected = sequences(&chain, &habits, chain.nights);
            habits = slow;
        }
        let (first, found) = beds(&evidence);
        prop_assert_eq!((first, found.len()), (FIRST, chain.nights));
        for (number, beds) in found.iter().enumerate() {
            for place in [0, 1] {
                // Beds are kept in single precision.
                let (fast, slow) = (beds.of(Place(place)), share(&expected, number, Some(place)));
                prop_assert!((fast - slow).abs() < 1e-6, "night {number}, place {place}: {fast} {slow}");
            }
        }
    }
}

#[test]
fn a_change_of_beds_falls_into_some_gap_of_the_day() {
    let at = |slot| Sighting { day: FIRST, slot, place: Place(0) };
    for day in [vec![], vec![at(0)], vec![at(3), at(10), at(18)], vec![at(23)]] {
        let mut mass = Vec::new();
        change_mass(&day, &mut mass);
        assert_eq!(mass.len(), day.len() + 1);
        assert!((mass.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{mass:?}");
    }
}

#[test]
fn more_places_than_a_night_can_hold_never_push_out_the_observed_bed() {
    // Twenty towns in one day, and a night observed in one that was seen neither last nor first.
    let towns = 20_u16;
    let seen = |day: i32| {
        (0..towns).map(move |place| Sighting {
            day: FIRST.plus(day),
            slot: (place % 24) as u8,
            place: Place(place),
        })
    };
    let sightings: Vec<Sighting> = (0..3).flat_map(seen).collect();
    for place in 0..towns {
        let observed = [(FIRST.plus(1), Place(place))];
        let evidence = NightEvidence {
            sightings: &sightings,
            observed: &observed,
            place_count: usize::from(towns),
            apart_km: &apart_km,
            hours: hours(),
            silence_max_days: 14,
        };
        let (_, beds) = beds(&evidence);
        assert!(beds[1].iter().any(|(known, _)| known == Place(place)), "{place} {:?}", beds[1]);
        assert!(beds[1].iter().count() <= MOST_LOCAL);
    }
}

#[test]
fn a_night_that_was_observed_outweighs_what_was_seen_elsewhere() {
    // Seen at both places late in the evening, and in the morning at the other one.
    let seen = |day: i32, slot, place| Sighting { day: FIRST.plus(day), slot, place: Place(place) };
    let sightings = [seen(0, 8, 0), seen(0, 18, 1), seen(1, 4, 0), seen(1, 18, 0), seen(2, 4, 0)];
    let at_other = |observed: &[(Day, Place)]| {
        let evidence = NightEvidence {
            sightings: &sightings,
            observed,
            place_count: PLACES,
            apart_km: &apart_km,
            hours: hours(),
            silence_max_days: 14,
        };
        beds(&evidence).1[0].of(Place(1))
    };
    let (guessed, observed) = (at_other(&[]), at_other(&[(FIRST, Place(1))]));
    assert!(observed > 0.9 && observed > guessed, "{guessed} {observed}");
    assert!(at_other(&[(FIRST, Place(0))]) < guessed);
}
