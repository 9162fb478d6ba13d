use crate::sample::{read, refused};

const FILE: &str = "[[role]]\nname = \"a\"";

#[test]
fn a_variable_goes_before_the_file_and_the_default() {
    let variables = [
        ("DOORS__NAME", "5"),
        ("DOORS__DOOR__SESSIONS", "5_000"),
        ("DOORS__DOOR__TIMEOUT", "1m"),
        ("DOORS__DOOR__ENGINE__SORT_MEMORY", "7"),
        ("DOORS__ROLE__0__TABLES", "b, c"),
        ("DOORS_SERVICE_HOST", "10.0.0.1"),
    ];
    let settings = read(FILE, &variables).unwrap();
    assert_eq!((settings.name.as_str(), settings.door.sessions), ("5", 5_000));
    assert_eq!(settings.door.timeout.to_string(), "1m");
    assert_eq!(settings.door.engine["sort.memory"], "7");
    assert_eq!(
        (settings.role[0].name.as_str(), settings.role[0].tables.as_slice()),
        ("a", ["b", "c"].map(String::from).as_slice())
    );
}

#[test]
fn a_table_of_a_list_cannot_be_added_and_free_names_not_be_written() {
    for variable in ["DOORS__ROLE__1__NAME", "DOORS__ROLE__0__LABEL__JA"] {
        assert_eq!(
            refused(FILE, &[(variable, "hunter2")]),
            format!(
                "cannot take `{variable}` from the environment: roles in the file: 1, numbered from 0\n\
                 hint: write new roles and [role.label] in the file; a variable can change a key of a role that is there"
            )
        );
    }
}

#[test]
fn an_unknown_variable_names_the_nearest_and_not_its_value() {
    let error = refused(FILE, &[("DOORS__DOOR__SESSION", "hunter2")]);
    assert_eq!(
        error,
        "unknown environment variable `DOORS__DOOR__SESSION`\nhint: did you mean `DOORS__DOOR__SESSIONS`?"
    );
}

#[test]
fn a_wrong_value_names_its_variable_and_cannot_smuggle_in_another_key() {
    let error = refused(FILE, &[("DOORS__DOOR__SESSIONS", "many")]);
    assert_eq!(
        error,
        "`door.sessions` is `many` (environment variable DOORS__DOOR__SESSIONS): \
         it must be a whole number of 1 or more"
    );
    let error = refused(FILE, &[("DOORS__DOOR__SESSIONS", "5\ntimeout = \"1s\"")]);
    assert!(error.starts_with("`door.sessions` is "), "{error}");
}
