use super::*;

fn written(bytes: &[u8]) -> Result<Secret, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, bytes).unwrap();
    secret(&path)
}

#[test]
fn the_line_end_is_not_part_of_a_secret_and_blanks_are() {
    assert_eq!(written(b"hunter2\n").unwrap().expose(), "hunter2");
    assert_eq!(written(b" hunter 2 \r\n").unwrap().expose(), " hunter 2 ");
    assert_eq!(written(b"hunter2").unwrap().expose(), "hunter2");
}

#[test]
fn a_secret_does_not_show_in_debug() {
    let shown = format!("{:?}", written(b"hunter2").unwrap());
    assert_eq!(shown, "Secret(hidden)");
}

#[test]
fn an_empty_or_unreadable_secret_names_its_file() {
    assert!(matches!(written(b"\n"), Err(SettingsError::SecretEmpty { .. })));
    let missing = secret(Path::new("/nowhere/secret")).unwrap_err();
    assert!(missing.to_string().contains("`/nowhere/secret`"));
    assert!(std::error::Error::source(&missing).is_some());
}

#[test]
fn bytes_that_are_no_text_are_not_repeated() {
    let error = written(b"hunter\xff").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter"));
}
