use super::*;
use crate::sample::refused;

#[test]
fn an_unknown_key_names_its_table_its_line_and_the_nearest_known_key() {
    let cases = [
        (
            "nmae = \"a\"",
            "unknown key `nmae` above the first table (doors.toml line 1)",
            "did you mean `name`?",
        ),
        (
            "[door]\nsesions = 1",
            "unknown key `sesions` in [door] (doors.toml line 2)",
            "did you mean `sessions`?",
        ),
        (
            "[[role]]\n[[role]]\ntable = []",
            "unknown key `table` in [[role]] number 1 (doors.toml line 3)",
            "did you mean `tables`?",
        ),
        (
            "[door]\ntoken = \"x\"",
            "unknown key `token` in [door] (doors.toml line 2)",
            "did you mean `token_file`?",
        ),
        (
            "timeout = \"1s\"",
            "unknown key `timeout` above the first table (doors.toml line 1)",
            "`timeout` belongs in [door]",
        ),
        (
            "[door]\ntables = []",
            "unknown key `tables` in [door] (doors.toml line 2)",
            "`tables` belongs in [[role]]",
        ),
    ];
    for (text, what, hint) in cases {
        assert_eq!(refused(text, &[]), format!("{what}\nhint: {hint}"));
    }
}

#[test]
fn a_table_must_be_a_table_and_its_value_is_not_repeated() {
    let cases = [
        ("door = \"hunter2\"", "`door` is `a string` (doors.toml line 1): it must be written as [door],"),
        (
            "[role]\nname = \"a\"",
            "`role` is `a single table` (doors.toml line 1): it must be written as [[role]],",
        ),
        ("role = [1]", "`role` is `an integer` (doors.toml line 1): it must be written as [[role]],"),
        (
            "[[role]]\nlabel = [1]",
            "`role.0.label` is `an array` (doors.toml line 2): it must be written as [role.label],",
        ),
    ];
    for (text, start) in cases {
        let error = refused(text, &[]);
        assert!(error.starts_with(start), "{error}");
    }
}

#[test]
fn a_name_that_goes_on_where_the_wrong_one_ends_is_nearest() {
    assert_eq!(nearest("password", &["passwords_of", "passwort"]), "passwords_of");
    assert_eq!(nearest("passwrod", &["password_file", "passwort"]), "passwort");
    assert_eq!(nearest("x", &[]), "");
}
