//! No files import each other in a circle: who reads a file needs to know those below it and nothing else.
//!
//! In: the sources of all crates, tests left out. Out: every group of files that reach each other by the
//! names they take, with the arrows that tie it.
//!
//! Only a `mod.rs` and the files below it may know each other. They are one room: it declares and conducts
//! them, and they take the types that it shares out. So whoever comes to a `mod.rs` from a file below it
//! finds those types and what they need from elsewhere, but not the files below; whoever comes from outside
//! finds all. Crates cannot form a circle, cargo refuses it.

mod lookup;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use crate::direction;
use lookup::{Arrows, arrows};
use source::{TextOf, modules};

/// Names of an arrow that a message shows.
const SHOWN: usize = 6;

/// Whether one file is the `mod.rs`, or the root of the crate, above another.
fn holds(above: &str, file: &str) -> bool {
    match above.strip_suffix("mod.rs") {
        Some(folder) => file != above && file.starts_with(folder),
        None => matches!(above, "lib.rs" | "main.rs"),
    }
}

/// A file, and whether one came to it from a file below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stop<'a> {
    file: &'a str,
    is_from_below: bool,
}

/// The files that each file takes names from.
type Next<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Where one can go from a stop.
fn onward<'a>(stop: Stop<'a>, next: &Next<'a>) -> impl Iterator<Item = Stop<'a>> {
    let files = next.get(stop.file).into_iter().flatten().copied();
    let files = files.filter(move |to| !(stop.is_from_below && holds(stop.file, to)));
    files.map(move |to| Stop { file: to, is_from_below: holds(to, stop.file) })
}

/// Everything that can be reached from a stop.
fn reached<'a>(start: Stop<'a>, next: &Next<'a>) -> BTreeSet<Stop<'a>> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<Stop> = onward(start, next).collect();
    while let Some(stop) = waiting.pop() {
        if reached.insert(stop) {
            waiting.extend(onward(stop, next));
        }
    }
    reached
}

/// The files of each circle. A `mod.rs` that lies in two of them makes them one.
fn circles(arrows: &Arrows) -> Vec<BTreeSet<&str>> {
    let mut next = Next::new();
    for (from, to) in arrows.keys() {
        next.entry(from).or_default().push(to);
    }
    let outside = next.keys().map(|file| Stop { file, is_from_below: false });
    let stops: BTreeSet<Stop> = outside.flat_map(|stop| onward(stop, &next).chain([stop])).collect();
    let reach: BTreeMap<Stop, BTreeSet<Stop>> =
        stops.iter().map(|stop| (*stop, reached(*stop, &next))).collect();
    let returns = |to: &Stop, from: &Stop| reach.get(from).is_some_and(|reached| reached.contains(to));
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (start, reached) in &reach {
        let around = reached.iter().filter(|stop| returns(start, stop));
        let mut circle: BTreeSet<&str> = around.map(|stop| stop.file).collect();
        if circle.len() < 2 {
            continue;
        }
        circles.retain(|other| {
            let is_apart = other.is_disjoint(&circle);
            if !is_apart {
                circle.extend(other);
            }
            is_apart
        });
        circles.push(circle);
    }
    circles
}

/// The circles of a crate, each as a text with its arrows.
fn told(name: &str, text_of: &TextOf) -> Vec<String> {
    let arrows = arrows(&modules(text_of));
    let tell = |circle: BTreeSet<&str>| {
        let inside = arrows
            .iter()
            .filter(|((from, to), _)| circle.contains(from.as_str()) && circle.contains(to.as_str()));
        let lines = inside.map(|((from, to), names)| {
            let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
            let more = if names.len() > SHOWN { ", …" } else { "" };
            format!("\n  {from} -> {to}: {}{more}", shown.join(", "))
        });
        format!("{name}: {} files import each other{}", circle.len(), lines.collect::<String>())
    };
    circles(&arrows).into_iter().map(tell).collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    let mut crates = 0;
    for manifest in direction::manifests() {
        let folder = manifest.parent().expect("a manifest lies in a folder");
        let text_of = |file: &str| std::fs::read_to_string(folder.join("src").join(file)).ok();
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        crates += usize::from(text_of("lib.rs").or_else(|| text_of("main.rs")).is_some());
        circles.extend(told(&name, &text_of));
    }
    assert!(crates >= 8, "cargo lists too few crates");
    assert!(circles.is_empty(), "circles: {}\n\n{}", circles.len(), circles.join("\n\n"));
}

/// The circles of a made-up crate.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    told("made-up", &|file| files.get(file).map(|text| (*text).to_owned()))
}

#[test]
fn two_files_that_take_names_from_each_other_are_found() {
    let circles = circles_of(&[
        ("lib.rs", "mod day; mod night; mod year;"),
        ("day.rs", "use crate::night::Night; pub struct Day(Night);"),
        ("night.rs", "pub struct Night; fn of(night: Night) -> super::day::Day { todo!() }"),
        ("year.rs", "use crate::{day::Day, night}; struct Year(Vec<Day>, night::Night);"),
    ]);
    let expected =
        "made-up: 2 files import each other\n  day.rs -> night.rs: Night\n  night.rs -> day.rs: Day";
    assert_eq!(circles, [expected]);
}

#[test]
fn a_name_that_is_passed_on_counts_for_the_file_that_defines_it() {
    let circles = circles_of(&[
        ("lib.rs", "mod shapes; mod paper; pub use shapes::*;"),
        ("shapes/mod.rs", "mod round; pub(crate) use round::Round as Circle;"),
        ("shapes/round.rs", "use crate::paper::Paper; pub struct Round; impl Paper for Round {}"),
        ("paper.rs", "use crate::Circle; pub trait Paper {} fn draw(_: Circle) {}"),
    ]);
    let expected = "made-up: 2 files import each other\n  paper.rs -> shapes/round.rs: Circle\n  \
                    shapes/round.rs -> paper.rs: Paper";
    assert_eq!(circles, [expected]);
}

#[test]
fn a_folder_may_share_types_with_its_files_but_not_by_way_of_others() {
    let folder = ("tally/mod.rs", "mod add; pub struct Tally; pub fn add() { add::one(Tally) }");
    let room = [("lib.rs", "mod tally;"), folder, ("tally/add.rs", "pub fn one(_: super::Tally) {}")];
    assert_eq!(circles_of(&room), [""; 0]);
    let detour = [
        ("lib.rs", "mod tally; mod page;"),
        folder,
        ("tally/add.rs", "pub fn one(_: super::Tally) { crate::page::turn() }"),
        ("page.rs", "pub fn turn() -> crate::tally::Tally { todo!() }"),
    ];
    let circles = circles_of(&detour);
    assert!(circles.len() == 1 && circles[0].starts_with("made-up: 3 files"), "{circles:?}");
}

#[test]
fn two_folders_that_reach_each_other_through_their_files_are_found() {
    let circles = circles_of(&[
        ("lib.rs", "mod day; mod night;"),
        ("day/mod.rs", "mod hour; pub fn start() { hour::first() }"),
        ("day/hour.rs", "pub fn first() { crate::night::star::shine() }"),
        ("night/mod.rs", "pub mod star; pub fn end() { crate::day::start() }"),
        ("night/star.rs", "pub fn shine() { super::end() }"),
    ]);
    assert!(circles.len() == 1 && circles[0].starts_with("made-up: 4 files"), "{circles:?}");
}

#[test]
fn tests_comments_texts_and_members_take_no_names() {
    let circles = circles_of(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A { b: B }"),
        (
            "b.rs",
            "//! See crate::a::A.\n pub struct B; fn say(b: B) -> &'static str { b.A; \"crate::a::A\" }\n\
             #[cfg(test)] use crate::a::{A};\n #[cfg(test)] mod tests { use crate::a::A; }",
        ),
    ]);
    assert_eq!(circles, [""; 0]);
}
