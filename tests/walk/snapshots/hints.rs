//! Hints lead somewhere. In: every `hint:` in the sources and every one that a command line was answered with. Out: each
//! command of Kayoi in it is one, each option in it is one of that command, and no hint names a thing of the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::kayoi::run;
use crate::repository;

/// Options by command, as `lake info`; the empty name is `kayoi` itself.
type Commands = BTreeMap<String, BTreeSet<String>>;

/// Words of a help text that are options.
fn options(words: &str) -> BTreeSet<String> {
    let words = words.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    words.filter(|word| is_option(word)).map(str::to_owned).collect()
}

fn is_option(word: &str) -> bool {
    word.strip_prefix("--").is_some_and(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// What clap knows: the usage lines of every help.
fn commands() -> Commands {
    let mut found = Commands::new();
    let mut to_ask = vec![String::new()];
    while let Some(name) = to_ask.pop() {
        let help = run(&name.split_whitespace().chain(["--help"]).collect::<Vec<_>>());
        let list =
            help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        let below = list.filter_map(|line| line.split_whitespace().next()).filter(|word| *word != "help");
        to_ask.extend(below.map(|word| format!("{name} {word}").trim().to_owned()));
        let own = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        let own = own.flat_map(|line| options(line.split("  ").next().unwrap_or_default())).collect();
        found.insert(name, own);
    }
    found
}

/// The hints of a source: texts that begin with the word, as they will be printed.
fn hints(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let texts = source.match_indices("hint: ").map(|(at, _)| &source[at..]);
    texts.map(|text| printed(&text["hint: ".len()..])).collect()
}

/// A text of a source up to its closing quotation mark, its lines joined.
fn printed(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('n') => break,
                Some('\n') => while letters.next_if(|letter| letter.is_whitespace()).is_some() {},
                Some(other) => out.push(other),
                None => break,
            },
            '\n' => break,
            other => out.push(other),
        }
    }
    out
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if path.is_dir() {
            sources(&path, found);
        } else if name.ends_with(".rs") && !name.ends_with("_tests.rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            found.extend(hints(&source).into_iter().map(|hint| (name.clone(), hint)));
        }
    }
}

/// What is wrong with a hint. `typed` is the command that was answered, where that is known.
fn faults(hint: &str, typed: Option<&str>, commands: &Commands) -> Vec<String> {
    let mut faults = Vec::new();
    if hint.split("::").next().is_some_and(|before| before.len() < hint.len())
        && hint.split("::").zip(hint.split("::").skip(1)).any(|(before, after)| is_of_sources(before, after))
    {
        faults.push("names a thing of the sources".to_owned());
    }
    // What stands in backticks may be a command line, of Kayoi or of another program.
    for (position, part) in hint.split('`').enumerate() {
        let is_quoted = position % 2 == 1;
        let words: Vec<&str> = part.split_whitespace().collect();
        let own = words.iter().position(|word| *word == "kayoi");
        match own {
            Some(at) if is_quoted || at == 0 => faults.extend(command_faults(&words[at + 1..], commands)),
            _ if is_quoted && words.first().is_some_and(|word| !word.starts_with('-')) => {}
            _ => faults.extend(options(part).into_iter().filter_map(|option| {
                let is_known = match typed.and_then(|typed| commands.get(typed)) {
                    Some(of_command) => of_command.contains(&option),
                    None => commands.values().any(|options| options.contains(&option)),
                };
                (!is_known).then(|| {
                    format!("names {option}, which is no option of `{}`", typed.unwrap_or("any command"))
                })
            })),
        }
    }
    faults
}

/// `Shares::add` and `CodeHistory::changes`, but not `$1::date`.
fn is_of_sources(before: &str, after: &str) -> bool {
    let last = before.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    last.starts_with(|letter: char| letter.is_uppercase())
        && after.starts_with(|letter: char| letter.is_lowercase())
}

/// What is wrong with a command line of Kayoi.
fn command_faults(words: &[&str], commands: &Commands) -> Vec<String> {
    let mut name = String::new();
    let mut rest = words;
    while let [word, more @ ..] = rest {
        let longer = format!("{name} {word}").trim().to_owned();
        if !commands.contains_key(&longer) {
            break;
        }
        (name, rest) = (longer, more);
    }
    let is_group = commands.keys().any(|other| other.starts_with(&format!("{name} ")));
    let next = rest.first().filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase()));
    let mut faults = Vec::new();
    if let (true, Some(next)) = (name.is_empty() || is_group, next) {
        faults.push(format!("names `kayoi {name} {next}`, which is no command"));
    }
    let known = &commands[&name];
    let wrong = options(&rest.join(" ")).into_iter().filter(|option| !known.contains(option));
    faults.extend(wrong.map(|option| format!("names {option}, which is no option of `kayoi {name}`")));
    faults
}

#[test]
fn every_hint_names_commands_and_options_that_there_are() {
    let commands = commands();
    assert!(commands.len() > 20 && commands["boundaries import"].contains("--code-column"), "{commands:?}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repository::root()).unwrap() {
        let folder = entry.unwrap().path();
        // `xtask` is a program of its own.
        if folder.join("src").is_dir() && !folder.ends_with("xtask") {
            sources(&folder.join("src"), &mut found);
        }
    }
    assert!(found.len() > 150, "only {} hints were found", found.len());
    let wrong: Vec<String> = found
        .iter()
        .flat_map(|(file, hint)| {
            faults(hint, None, &commands).into_iter().map(move |fault| format!("{file}: {fault}: {hint}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An answer may also name an option of another command, but then it says the command.
#[test]
fn every_answer_names_options_of_the_command_that_was_typed() {
    let commands = commands();
    let mut wrong = Vec::new();
    for name in ["command-line", "geography", "ingest", "lake", "query"] {
        let kept = repository::read(&format!("tests/walk/snapshots/errors-{name}.snap"));
        let mut typed = String::new();
        for line in kept.lines() {
            if let Some(words) = line.strip_prefix("$ kayoi") {
                let mut longest = String::new();
                for word in words.split_whitespace() {
                    let longer = format!("{longest} {word}").trim().to_owned();
                    longest = if commands.contains_key(&longer) { longer } else { break };
                }
                typed = longest;
            }
            if let Some(hint) = line.strip_prefix("hint: ") {
                let of_line = faults(hint, Some(&typed), &commands);
                wrong.extend(of_line.into_iter().map(|fault| format!("kayoi {typed}: {fault}: {hint}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_hint_that_leads_nowhere_is_found() {
    let commands: Commands =
        [("", vec![]), ("lake", vec![]), ("lake info", vec!["--lake"]), ("codes", vec!["--weight"])]
            .map(|(name, options)| (name.to_owned(), options.into_iter().map(str::to_owned).collect()))
            .into();
    for right in [
        "run `kayoi lake info --lake DIR`",
        "give --weight, as in --weight 22138=40000",
        "`ogr2ogr --config X` does it",
        "say $1::date",
        "`kayoi lake info`, or a word `--lake`",
    ] {
        assert_eq!(faults(right, None, &commands), Vec::<String>::new(), "{right}");
    }
    for wrong in [
        "supply them with `Shares::add`",
        "run `kayoi lake inform`",
        "run `kayoi laek`",
        "run `kayoi lake info --weight`",
        "give --wieght",
        "give `--wieght`",
    ] {
        assert_eq!(faults(wrong, None, &commands).len(), 1, "{wrong}");
    }
    assert_eq!(faults("give --weight", Some("lake info"), &commands).len(), 1);
    assert_eq!(
        hints("x(\"no\\nhint: one \\\n   two\") // hint: three\n").first().map(String::as_str),
        Some("one two")
    );
}
