//! The command lines of a block, and their words.
//!
//! In: the text of an `sh` or `console` block. Out: one text a command, without its comment, and the words of
//! one. Only what pages use is understood: quotes, comments, a backslash at the end of a line.

/// The commands of a block. In a `console` block they stand behind `$ `, and the rest is what was printed.
pub fn commands(language: &str, text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| match language {
        "console" => line.strip_prefix("$ "),
        _ => Some(line),
    });
    lines.map(without_comment).filter(|line| !line.is_empty()).collect()
}

/// A line without its comment, each run of spaces outside of quotes as one.
fn without_comment(line: &str) -> String {
    let (mut kept, mut quote) = (String::new(), None);
    for letter in line.trim().chars() {
        let follows_space = kept.is_empty() || kept.ends_with(' ');
        match (quote, letter) {
            (None, '#') if follows_space => break,
            (None, ' ') if follows_space => continue,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        kept.push(letter);
    }
    kept.trim_end().to_owned()
}

/// The words of a command, as the shell hands them on. A pipe, a redirection and what follows are no words of
/// it.
pub fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in command.chars() {
        match (quote, letter) {
            (None, '|' | '>' | '<') => break,
            (None, ' ') => words.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// The value of an option among words.
pub fn option<'w>(words: &'w [String], name: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).map(String::as_str)
}

#[test]
fn a_block_is_cut_into_commands_and_words() {
    let text = "kayoi query \\\n  \"SELECT 1  -- #1\"   # asks\n\n# nothing\nkayoi mesh at 1 2 > out.txt\n";
    assert_eq!(commands("sh", text), ["kayoi query \"SELECT 1  -- #1\"", "kayoi mesh at 1 2 > out.txt"]);
    assert_eq!(commands("console", "$ ls\nREADME.md\n"), ["ls"]);
    assert_eq!(
        words("kayoi query \"SELECT 1\" --format 'a b' | less"),
        ["kayoi", "query", "SELECT 1", "--format", "a b"]
    );
    let words = words("x --lake here < ids");
    assert_eq!((option(&words, "--lake"), option(&words, "--out")), (Some("here"), None));
}
