//! The worlds that `cargo xtask accuracy` measures.
//!
//! In: options. Out: a list of worlds, each with the words that simulate it. Four parts: plain lives, whose
//! ids are all seen; real lives of some kinds, so many people of each; a population outside the panel, by how
//! many ids are reset; and the same population by pings a day. The last two share worlds, measured once.

use std::collections::BTreeSet;

use kayoi_harness::parts::PartError;

use crate::bench::setting;
use crate::options::Options;

/// Options with a value.
pub(crate) const NAMES: [&str; 10] =
    ["parts", "devices", "of-a-kind", "people", "days", "rates", "presets", "seeds", "out", "class-errors"];

const PARTS: [&str; 4] = ["plain", "kinds", "panel", "rates"];
/// Those of the table of kinds, each as many people as the others.
const KINDS: &str = "resident,commuter,shift_worker,rotating_shifts,night_worker,hospital,birth,from_abroad,\
                     dual_then_moved,passing,posted,student,driver,crew";
/// People with workations only: at a desk away from the room, and in the room.
const WORKATIONS: [&str; 2] = ["workation", "room_workation"];
/// What real lives are measured at where nothing else is compared.
const USUAL_RATE: &str = "20";
const USUAL_RESETS: &str = "3";
const RESETS: [&str; 3] = ["0", "3", "10"];
const PANEL_PERCENT: &str = "10";

/// What lives people of a world lead.
enum Lives {
    Plain {
        preset: String,
    },
    /// These kinds alone, everybody in the panel with one id.
    Kinds(&'static str),
    /// The mixture, a tenth of it in the panel, with so many percent of ids reset a month.
    Mixture {
        resets: &'static str,
    },
}

/// One world of a run.
pub(crate) struct World {
    lives: Lives,
    rate: String,
    seed: String,
    people: u32,
    days: u32,
}

impl World {
    /// The name of its folder.
    pub(crate) fn name(&self) -> String {
        let lives = match &self.lives {
            Lives::Plain { preset } => preset.clone(),
            Lives::Kinds(KINDS) => "kinds".to_owned(),
            Lives::Kinds(kind) => (*kind).to_owned(),
            Lives::Mixture { resets } => format!("mixture-resets-{resets}"),
        };
        format!("{lives}-{}-{}", self.rate, self.seed)
    }

    /// What it is, for a person.
    pub(crate) fn title(&self) -> String {
        let lives = match &self.lives {
            Lives::Plain { preset } => preset.clone(),
            Lives::Kinds(KINDS) => "real lives by kind".to_owned(),
            Lives::Kinds(kind) => format!("real lives, {kind}"),
            Lives::Mixture { resets } => format!("real lives, resets of {resets} % a month"),
        };
        format!("{lives}, {} pings a day, seed {}", self.rate, self.seed)
    }

    /// Whether the rule in SQL is measured too. It knows ids alone, so it has nothing to say of people.
    pub(crate) fn has_rule(&self) -> bool {
        matches!(self.lives, Lives::Plain { .. })
    }

    /// What `report.py` needs to know of it; written last, because it says that the world is done.
    pub(crate) fn described(&self) -> String {
        let borders = setting("KAYOI_BOUNDARIES").map_or("", |_| "imported");
        let lives = match &self.lives {
            Lives::Plain { preset } => format!("\"lives\": \"plain\", \"preset\": \"{preset}\""),
            Lives::Kinds(kinds) => format!("\"lives\": \"kinds\", \"kinds\": \"{kinds}\""),
            Lives::Mixture { resets } => format!("\"lives\": \"mixture\", \"resets\": {resets}"),
        };
        format!(
            "{{{lives}, \"rate\": \"{}\", \"seed\": {}, \"devices\": {}, \"days\": {}, \
             \"borders\": \"{borders}\"}}\n",
            self.rate, self.seed, self.people, self.days
        )
    }

    /// The words behind `kayoi simulate` that make it.
    pub(crate) fn words(&self) -> Vec<String> {
        let (people, days) = (self.people.to_string(), self.days.to_string());
        let mut words = vec!["--people", &people, "--days", &days, "--seed", &self.seed];
        match &self.lives {
            Lives::Plain { preset } => words.extend(["--preset", preset]),
            Lives::Kinds(kinds) => {
                words.extend(["--preset", "hard", "--lives", "real", "--kinds", kinds]);
                words.extend(["--panel-percent", "100", "--resets-percent", "0"]);
            }
            Lives::Mixture { resets } => {
                words.extend(["--preset", "hard", "--lives", "real"]);
                words.extend(["--panel-percent", PANEL_PERCENT, "--resets-percent", resets]);
            }
        }
        if self.rate != "mix" {
            words.extend(["--pings-per-day", &self.rate]);
        }
        words.into_iter().map(str::to_owned).collect()
    }
}

/// What worlds have in common, from the options.
struct Plan<'a> {
    options: &'a Options,
    days: u32,
    /// Small worlds, to see that everything works.
    is_short: bool,
}

/// The worlds that options ask for.
pub(crate) fn worlds(options: &Options) -> Result<Vec<World>, PartError> {
    // So many days that twelve full months lie before the end of the last.
    let days = options.find_number("days", 1..=u32::MAX)?.unwrap_or(396);
    let plan = Plan { options, days, is_short: options.has("short") };
    let parts = plan.list("parts", [&PARTS.join(" "), &PARTS.join(" ")]);
    if let Some(unknown) = parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        let all = PARTS.join(", ");
        return Err(PartError::WrongUse(format!("part `{unknown}` is not allowed: {all} are")));
    }
    let mut worlds = Vec::new();
    for part in &parts {
        worlds.extend(match part.as_str() {
            "plain" => plan.plain()?,
            "kinds" => plan.kinds()?,
            "panel" => plan.mixture(&[USUAL_RATE.to_owned()], &RESETS)?,
            _ => plan.mixture(&plan.list("rates", ["2.5 5 20 100 200", "5 20"]), &[USUAL_RESETS])?,
        });
    }
    let mut names = BTreeSet::new();
    worlds.retain(|world| names.insert(world.name()));
    Ok(worlds)
}

impl Plan<'_> {
    /// Words of an option, else those of a full run or those of a short one.
    fn list(&self, name: &str, [full, short]: [&str; 2]) -> Vec<String> {
        let default = if self.is_short { short } else { full };
        self.options.find(name).unwrap_or(default).split_whitespace().map(str::to_owned).collect()
    }

    fn number(&self, name: &str, [full, short]: [u32; 2]) -> Result<u32, PartError> {
        let default = if self.is_short { short } else { full };
        Ok(self.options.find_number(name, 1..=1_000_000)?.unwrap_or(default))
    }

    fn real_seeds(&self) -> Vec<String> {
        self.list("seeds", ["11 12 13", "11"])
    }

    fn plain(&self) -> Result<Vec<World>, PartError> {
        let people = self.number("devices", [1500, 300])?;
        let rates = self.list("rates", ["5 10 20 50 200", "20"]);
        let seeds = self.list("seeds", ["201 202", "201"]);
        let mut worlds = Vec::new();
        for preset in self.list("presets", ["easy hard", "hard"]) {
            for rate in &rates {
                for seed in &seeds {
                    let lives = Lives::Plain { preset: preset.clone() };
                    worlds.push(self.world(lives, rate, seed, people));
                }
            }
        }
        Ok(worlds)
    }

    fn kinds(&self) -> Result<Vec<World>, PartError> {
        let of_a_kind = self.number("of-a-kind", [100, 20])?;
        let mut worlds = Vec::new();
        for seed in self.real_seeds() {
            for kinds in [KINDS].into_iter().chain(WORKATIONS) {
                let people = of_a_kind * kinds.split(',').count() as u32;
                worlds.push(self.world(Lives::Kinds(kinds), USUAL_RATE, &seed, people));
            }
        }
        Ok(worlds)
    }

    fn mixture(&self, rates: &[String], resets: &[&'static str]) -> Result<Vec<World>, PartError> {
        let people = self.number("people", [24_000, 3000])?;
        let mut worlds = Vec::new();
        for rate in rates {
            for resets in resets {
                for seed in self.real_seeds() {
                    worlds.push(self.world(Lives::Mixture { resets }, rate, &seed, people));
                }
            }
        }
        Ok(worlds)
    }

    fn world(&self, lives: Lives, rate: &str, seed: &str, people: u32) -> World {
        World { lives, rate: rate.to_owned(), seed: seed.to_owned(), people, days: self.days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worlds_of(words: &[&str]) -> Result<Vec<World>, PartError> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        worlds(&Options::read(words, &NAMES, &["short", "resume"])?)
    }

    fn names(words: &[&str]) -> Vec<String> {
        worlds_of(words).unwrap().iter().map(World::name).collect()
    }

    #[test]
    fn a_world_of_two_parts_is_measured_once() {
        let both = names(&["--short", "--parts", "panel rates"]);
        assert_eq!(
            both,
            [
                "mixture-resets-0-20-11",
                "mixture-resets-3-20-11",
                "mixture-resets-10-20-11",
                "mixture-resets-3-5-11"
            ]
        );
    }

    #[test]
    fn a_world_of_kinds_has_as_many_people_of_each() {
        let worlds = worlds_of(&["--parts", "kinds", "--of-a-kind", "10", "--seeds", "7"]).unwrap();
        let people: Vec<_> = worlds.iter().map(|world| (world.name(), world.people)).collect();
        let expected = [("kinds-20-7", 140), ("workation-20-7", 10), ("room_workation-20-7", 10)];
        assert_eq!(people, expected.map(|(name, people)| (name.to_owned(), people)));
        let words = worlds[0].words();
        assert!(words.contains(&KINDS.to_owned()) && !KINDS.contains(' '), "{words:?}");
    }

    #[test]
    fn only_plain_worlds_are_told_to_the_rule_and_their_options_are_heeded() {
        let words = ["--parts", "plain kinds", "--presets", "easy", "--rates", "mix", "--seeds", "7"];
        let worlds = worlds_of(&words).unwrap();
        let with_rule: Vec<_> = worlds.iter().filter(|world| world.has_rule()).map(World::name).collect();
        assert_eq!(with_rule, ["easy-mix-7"]);
        assert!(!worlds[0].words().contains(&"--pings-per-day".to_owned()));
    }

    #[test]
    fn a_part_that_is_not_there_is_refused() {
        let error = worlds_of(&["--parts", "fnord"]).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("part `fnord` is not allowed: plain, kinds, panel, rates are"));
    }
}
