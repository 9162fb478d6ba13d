//! Whether the answers to the 25 questions of staff hold what is true.
//!
//! In: a nation of everybody, a panel of one in a hundred of it, and the release of what the panel saw. Out: for each question
//! that a named question answers a published row, its 95 % interval, and what is true of everybody; the same questions of
//! two towns of which nothing is shown; and the table of it in both books, which `KAYOI_REWRITE_ANSWERS` writes anew. One
//! month, so that it takes a minute: `COVERAGE.md` has many nations, panels and ways of coming into them.

mod asked;
mod known;
mod page;
mod words;
mod world;

use asked::{ASKED, Asked};
use world::{Row, World};

/// Fully hidden: not even their visitors of a year are shown.
const HIDDEN: [(&str, &str, &str); 2] =
    [("13402", "青ヶ島村", "Aogashima"), ("47358", "北大東村", "Kitadaito")];
/// Of 25 questions, those whose figure must hold the truth.
const LEAST: usize = 20;

/// What was found of a question.
struct Found {
    asked: &'static Asked,
    /// Value, lower and upper end of the figure.
    answer: [f64; 3],
    truth: f64,
    /// Rows with a value whose truth is known, and those among them that hold it.
    rows: usize,
    inside: usize,
    /// Words of status of each hidden town, none where it has no row; `None` where no town is asked for.
    hidden: Option<[Vec<String>; 2]>,
}

impl Found {
    fn is_inside(&self) -> bool {
        holds(self.answer, self.truth)
    }
}

fn holds([_, low, high]: [f64; 3], truth: f64) -> bool {
    (low..=high).contains(&truth)
}

/// Value and ends of the figure in a row; `None` where it has no value.
fn figure(asked: &Asked, row: &Row) -> Option<[f64; 3]> {
    let [value, low, high] = asked.figure.map(|column| row.number(column));
    Some([value?, low?, high?])
}

fn ask(world: &World, asked: &'static Asked) -> Found {
    let rows = world.answer(asked.question, asked.place);
    let headline = rows.iter().find(|row| (asked.is_headline)(row) && figure(asked, row).is_some());
    let headline = headline.unwrap_or_else(|| panic!("{}: nothing is published", asked.question));
    let words: Vec<String> = headline.text("status").into_iter().collect();
    assert_eq!(words, ["published"], "{}", asked.question);
    let truth = |row: &Row| (asked.truth)(world, row);
    let mut found = Found {
        asked,
        answer: figure(asked, headline).unwrap(),
        truth: truth(headline).unwrap_or_else(|| panic!("{}: the truth is not known", asked.question)),
        rows: 0,
        inside: 0,
        hidden: asked.is_of_a_town.then(|| HIDDEN.map(|(code, ..)| hidden(world, asked, code))),
    };
    for row in &rows {
        if let (Some(answer), Some(truth)) = (figure(asked, row), truth(row)) {
            found.rows += 1;
            found.inside += usize::from(holds(answer, truth));
        }
    }
    found
}

/// The words of status in the rows of a hidden town, none of which may have a value.
fn hidden(world: &World, asked: &'static Asked, town: &str) -> Vec<String> {
    let mut words = Vec::new();
    for row in world.answer(asked.question, town).iter().filter(|row| (asked.is_about)(row, town)) {
        for column in asked.figure.iter().chain(&["persons", "persons_low", "persons_high"]) {
            assert_eq!(row.number(column), None, "{} of {town}: {column}", asked.question);
        }
        let status = row.text("status").expect("a row says what stands in the place of a value");
        assert_ne!(status, "published", "{} of {town}", asked.question);
        words.push(status);
    }
    words.sort();
    words.dedup();
    words
}

#[test]
fn at_least_20_of_the_25_questions_hold_the_truth_and_hidden_towns_are_never_0() {
    let world = World::make();
    let found: Vec<Found> = ASKED.iter().map(|asked| ask(&world, asked)).collect();
    let outside = found.iter().filter(|found| !found.is_inside()).map(|found| {
        let Found { asked, answer: [value, low, high], truth, .. } = found;
        format!("{}. {}: {value} [{low}, {high}], the truth is {truth}", asked.number, asked.question)
    });
    let outside: Vec<String> = outside.collect();
    eprintln!("{} of {} hold the truth; outside: {outside:#?}", found.len() - outside.len(), found.len());
    assert!(found.len() - outside.len() >= LEAST, "outside: {outside:#?}");
    let (rows, inside) =
        (found.iter().map(|f| f.rows).sum::<usize>(), found.iter().map(|f| f.inside).sum::<usize>());
    // Rows of one question are of the same people: together they are no more than a few dozen independent ones.
    assert!(rows > 300 && inside as f64 >= 0.9 * rows as f64, "{inside} of {rows} rows");
    let numbers: Vec<u8> = found.iter().map(|found| found.asked.number).collect();
    assert_eq!(numbers.iter().collect::<std::collections::BTreeSet<_>>().len(), numbers.len(), "each once");
    let asked_of_hidden = found.iter().filter_map(|found| found.hidden.as_ref());
    assert!(asked_of_hidden.flatten().flatten().all(|word| ["hidden", "rolled_up"].contains(&word.as_str())));
    page::shown_in_both_books(&found);
    words::said_in_both_books(&world);
}
