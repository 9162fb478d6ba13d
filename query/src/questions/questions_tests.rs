use super::*;

use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine};

#[test]
fn each_question_is_well_formed_and_named_once() {
    let questions = Question::all().unwrap();
    assert_eq!(questions.len(), FILES.len());
    let names: std::collections::BTreeSet<_> = questions.iter().map(|question| question.name).collect();
    assert_eq!(names.len(), FILES.len());
    for question in questions {
        assert!(question.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        for words in [&question.title, &question.does_not_say] {
            assert!(words.ja.ends_with('。') && words.en.ends_with(['.', '?']), "{}", question.name);
        }
    }
}

#[test]
fn each_file_beside_this_one_is_a_question() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/questions");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = files.filter(|path| path.extension().is_some_and(|ext| ext == "toml")).collect();
    found.sort();
    let mut named: Vec<_> = FILES.iter().map(|(name, _)| format!("{name}.toml")).collect();
    named.sort();
    let found: Vec<_> = found.iter().map(|path| path.file_name().unwrap().to_string_lossy()).collect();
    assert_eq!(found, named);
}

#[test]
fn each_place_has_a_parameter_and_each_parameter_a_place() {
    for question in Question::all().unwrap() {
        for parameter in &question.parameters {
            let place = format!("{{{}}}", parameter.name);
            for text in [&question.title.ja, &question.title.en, &question.sql] {
                assert!(text.contains(&place), "{}: {place} is not in `{text}`", question.name);
            }
        }
        let title = question.example_title();
        for filled in [title.ja, title.en, question.example_sql().unwrap()] {
            assert!(!filled.contains(['{', '}']), "{}: {filled}", question.name);
        }
    }
}

#[tokio::test]
async fn each_question_passes_the_gate_and_runs_on_the_small_release() {
    let engine = engine(Limits::default());
    let mut rows = 0;
    for question in Question::all().unwrap() {
        let sql = question.example_sql().unwrap();
        let answer = answer(&engine, asked(Door::CommandLine, &sql)).await;
        rows += answer.unwrap_or_else(|error| panic!("{}: {error}", question.name)).row_count();
    }
    assert!(rows >= 2, "the small release answers some of them");
}

#[tokio::test]
async fn a_town_is_asked_for_by_its_code_and_gets_its_rows() {
    let engine = engine(Limits::default());
    let questions = Question::all().unwrap();
    let origins = questions.iter().find(|question| question.name == "origins-top5").unwrap();
    let sql = origins.sql(|_| "203611").unwrap().replace("'visitor'", "'connected'");
    assert!(sql.contains("municipality_code = '20361'"), "the check digit is left out: {sql}");
    let answer = answer(&engine, asked(Door::CommandLine, &sql)).await.unwrap();
    assert_eq!(answer.row_count(), 1);
}

#[test]
fn a_value_that_is_not_of_its_type_is_refused_and_never_becomes_sql() {
    let questions = Question::all().unwrap();
    let origins = questions.iter().find(|question| question.name == "origins-top5").unwrap();
    for value in ["", "20321' OR '1' = '1", "軽井沢町", "{town}", "203"] {
        let error = origins.sql(|_| value).unwrap_err();
        assert_eq!(error.to_string(), format!("`{value}` cannot stand for {{town}}"));
    }
}
