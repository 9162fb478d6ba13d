//! No files import each other in a circle: who reads a file needs to know those below it and nothing else.
//!
//! In: the sources of all crates, tests left out. Out: every group of files that reach each other by the
//! names they take, with the arrows that tie it.
//!
//! Only a `mod.rs` and the files below it may know each other. They are one room: it declares and conducts
//! them, and they take the types that it shares out. Such arrows are therefore left out in one direction,
//! once up and once down; what goes around in either reading is a circle. Crates cannot form one, cargo
//! refuses it.

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

/// Groups of files that reach each other along the arrows that are kept.
fn groups(arrows: &Arrows, keeps: impl Fn(&str, &str) -> bool) -> Vec<BTreeSet<&str>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys().filter(|(from, to)| keeps(from, to)) {
        next.entry(from).or_default().push(to);
    }
    let reached = |from: &str| {
        let mut reached = BTreeSet::new();
        let mut waiting = next.get(from).cloned().unwrap_or_default();
        while let Some(file) = waiting.pop() {
            if reached.insert(file) {
                waiting.extend(next.get(file).into_iter().flatten());
            }
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|file| (*file, reached(file))).collect();
    let goes = |from: &str, to: &str| reached.get(from).is_some_and(|reached| reached.contains(to));
    let around = |file: &&str| reached[file].iter().copied().filter(|other| goes(other, file)).collect();
    let groups: BTreeSet<BTreeSet<&str>> = reached.keys().map(around).collect();
    groups.into_iter().filter(|group| group.len() > 1).collect()
}

/// The files of each circle; circles of the two readings that share a file are one.
fn circles(arrows: &Arrows) -> Vec<BTreeSet<&str>> {
    let up = groups(arrows, |from, to| !holds(from, to));
    let down = groups(arrows, |from, to| !holds(to, from));
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for mut group in up.into_iter().chain(down) {
        circles.retain(|circle| {
            let is_apart = circle.is_disjoint(&group);
            if !is_apart {
                group.extend(circle);
            }
            is_apart
        });
        circles.push(group);
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
    assert!(circles.is_empty(), "{} circles\n\n{}", circles.len(), circles.join("\n\n"));
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
