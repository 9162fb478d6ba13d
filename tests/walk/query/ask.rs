//! Named questions from the command line: what they are, and what is refused before anything is asked.

use crate::kayoi::{json, refused, run};

#[test]
fn the_questions_are_listed_and_each_explains_itself() {
    let list = run(&["questions"]);
    assert!(list.lines().count() >= 39 && list.contains("repeat-rate --town"), "{list}");
    let english = run(&["questions", "stay-rate", "--lang", "en"]);
    for words in [
        "for each 100 residents",
        "--town",
        "(or 20214)",
        "FROM presence_hourly",
        "It does not say: ",
        "Chart: line",
    ] {
        assert!(english.contains(words), "no `{words}` in {english}");
    }
    let all = json(&["questions", "--json"]);
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), list.lines().count());
    for question in all {
        for key in ["name", "title", "parameters", "chart", "does_not_say", "sql"] {
            assert!(!question[key].is_null(), "{question}: {key}");
        }
        let chart = question["chart"].as_str().unwrap();
        assert!(["bar", "line", "map", "table"].contains(&chart), "{chart}");
    }
    assert_eq!(json(&["questions", "repeat-rate", "--json"])["name"], "repeat-rate");
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_is_near() {
    for (words, said) in [
        (&["ask", "repeat-rat", "--town", "20202"][..], "hint: the nearest are repeat-rate"),
        (&["questions", "telework-rate"], "telework"),
        (&["ask", "repeat-rate"], "needs {town}"),
        (&["ask", "repeat-rate", "--town", "松元市"], "松本市"),
        (&["ask", "repeat-rate", "--town", "府中市"], "13206 東京都府中市, 34208 広島県府中市"),
        (&["ask", "peak-months", "--prefecture", "松本市"], "is no prefecture of Japan"),
        (&["ask", "national-goal", "--town", "松本市"], "has no {town}"),
    ] {
        let error = refused(words);
        assert!(error.contains(said) && error.contains("hint: "), "{words:?}: {error}");
    }
}
