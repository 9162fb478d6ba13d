use super::*;
use crate::sample::{Settings, known, read, refused};

#[test]
fn a_key_knows_its_line_and_a_missing_one_that_of_its_table() {
    let text = "name = \"a\"\n\n[door]\nsessions = 1\n[[role]]\n[[role]]\nlabel = { ja = \"役\" }\n";
    let document = Document::read(text, "doors.toml", known()).unwrap();
    let lines = [("name", 1), ("door.sessions", 4), ("door.timeout", 3), ("role.1.label.ja", 7)];
    for (path, line) in lines {
        assert_eq!(document.place(path).to_string(), format!("doors.toml line {line}"), "{path}");
    }
    assert_eq!(document.place("nothing").to_string(), "doors.toml");
    assert_eq!(document.names_in("role.1.label"), ["ja"]);
}

#[test]
fn rules_of_the_owner_name_the_line() {
    let document = Document::read("[door]\nsessions = 9", "doors.toml", known()).unwrap();
    let wrong = document.wrong("door.sessions", 9, "8 at most").to_string();
    assert_eq!(wrong, "`door.sessions` is `9` (doors.toml line 2): it must be 8 at most");
    let missing = document.missing("role", "nobody may ask".to_owned(), "write a [[role]]").to_string();
    assert_eq!(missing, "`role` is missing (doors.toml): nobody may ask\nhint: write a [[role]]");
    let no_effect = document.no_effect("door.timeout", "a door", "open one").to_string();
    assert_eq!(
        no_effect,
        "`door.timeout` has no effect (doors.toml line 1): it needs a door\nhint: remove it, or open one"
    );
}

#[test]
fn foreign_settings_need_no_quotes_and_are_never_repeated() {
    let settings = read("[door.engine]\nsort.memory = \"1\"\n\"sort.spill\" = \"x\"", &[]).unwrap();
    assert_eq!(settings.door.engine["sort.memory"], "1");
    assert_eq!(settings.door.engine["sort.spill"], "x");
    for text in ["[door.engine]\nsort.key = 1234567", "[door]\ntoken_file = 1234567"] {
        let error = refused(text, &[]);
        assert!(error.contains("(not shown)") && !error.contains("1234567"), "{error}");
    }
}

#[test]
fn broken_toml_is_refused_with_its_line_and_without_its_text() {
    let error = read("name = \"a\"\n[door]\ntoken = \"hunter2", &[]).unwrap_err();
    assert!(error.to_string().starts_with("doors.toml line 3 is no TOML"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
}

#[test]
fn what_is_printed_reads_as_the_same_settings() {
    let text = "[door]\nanswer = \"500KiB\"\ntimeout = \"90s\"\n[[role]]\ntables = [\"a\"]\nlabel = { \"a.b\" = \"c\" }";
    let settings = read(text, &[]).unwrap();
    assert_eq!(read(&to_toml(&settings).unwrap(), &[]).unwrap(), settings);
    assert_eq!(read("", &[]).unwrap(), Settings::default());
}
