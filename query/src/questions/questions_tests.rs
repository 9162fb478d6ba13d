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

fn at(town: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("town".to_owned(), town.to_owned())])
}

#[tokio::test]
async fn each_question_can_be_asked_of_a_month_and_is_then_of_no_newer_one() {
    let engine = engine(Limits::default());
    for question in Question::all().unwrap() {
        // Targets are of years to come, changes are listed from the first on, and errors of classes are of no month.
        if ["targets", "release-changes", "class-errors"].contains(&question.name) {
            continue;
        }
        let mut values = question.example_values();
        values.insert(MONTH.to_owned(), "2026-02".to_owned());
        let sql = question.sql_for(&values).unwrap();
        assert!(sql.contains("DATE '2026-02-01'"), "{}: {sql}", question.name);
        let answer = answer(&engine, asked(Door::CommandLine, &sql)).await;
        answer.unwrap_or_else(|error| panic!("{}: {error}", question.name));
        let title = question.title_of(&values);
        assert!(title.ja.contains("2026年2月") && title.en.contains("February 2026"), "{title:?}");
        values.insert(MONTH.to_owned(), "2026-13' OR '1' = '1".to_owned());
        assert!(question.sql_for(&values).unwrap_err().to_string().contains("is no month"));
    }
}

#[tokio::test]
async fn a_town_is_asked_for_by_its_code_and_gets_its_rows() {
    let engine = engine(Limits::default());
    let questions = Question::all().unwrap();
    let origins = questions.iter().find(|question| question.name == "origins-top5").unwrap();
    let sql = origins.sql_for(&at("203611")).unwrap().replace("'visitor'", "'connected'");
    assert!(sql.contains("municipality_code = '20361'"), "the check digit is left out: {sql}");
    let answer = answer(&engine, asked(Door::CommandLine, &sql)).await.unwrap();
    assert_eq!(answer.row_count(), 1);
}

#[test]
fn a_value_that_is_not_of_its_type_is_refused_and_never_becomes_sql() {
    let questions = Question::all().unwrap();
    let origins = questions.iter().find(|question| question.name == "origins-top5").unwrap();
    for value in ["", "20321' OR '1' = '1", "軽井沢町", "{town}", "203"] {
        let error = origins.sql_for(&at(value)).unwrap_err();
        assert_eq!(error.to_string(), format!("`{value}` cannot stand for {{town}}"));
    }
}

/// Questions that write the columns of a published product, and these columns.
const EXPORTS: [(&str, &[&str]); 3] = [
    (
        "mlit-mesh1km",
        &["mesh1kmid", "prefcode", "citycode", "year", "month", "dayflag", "timezone", "population"],
    ),
    (
        "mlit-fromto-city",
        &["year", "month", "dayflag", "timezone", "prefcode", "citycode", "from_area", "population"],
    ),
    (
        "digital-tourism",
        &[
            "年",
            "月",
            "年月",
            "地域区分",
            "データ区分",
            "都道府県コード",
            "都道府県名",
            "地域コード",
            "地域名称",
            "人数",
        ],
    ),
];

/// The columns of the answer to a question.
async fn columns(engine: &std::sync::Arc<crate::Engine>, question: &Question) -> Vec<String> {
    let sql = question.example_sql().unwrap();
    let answer = answer(engine, asked(Door::CommandLine, &sql)).await.unwrap();
    answer.schema().fields().iter().map(|field| field.name().clone()).collect()
}

#[tokio::test]
async fn an_export_has_the_columns_of_the_product_and_no_others() {
    let engine = engine(Limits::default());
    let questions = Question::all().unwrap();
    for (name, expected) in EXPORTS {
        let question = questions.iter().find(|question| question.name == name).unwrap();
        assert_eq!(columns(&engine, question).await, expected, "{name}");
    }
}

#[tokio::test]
async fn what_staff_ask_is_answered_with_an_interval_and_a_status() {
    let engine = engine(Limits::default());
    for question in Question::all().unwrap().iter().skip(Question::FIRST) {
        let is_export = EXPORTS.iter().any(|(name, _)| *name == question.name);
        // Of phones no interval is told: the error of their weight stands beside them.
        let of_phones = ["how-sure", "how-sure-nation", "panel-prefectures", "known-devices"];
        let has_none = of_phones.contains(&question.name)
            || ["release-changes", "class-errors"].contains(&question.name);
        if is_export || has_none || question.name == "resas-stay" {
            continue;
        }
        let columns = columns(&engine, question).await;
        for end in ["_low", "_high"] {
            assert!(columns.iter().any(|column| column.ends_with(end)), "{}: no {end}", question.name);
        }
        assert!(
            columns.iter().any(|column| column == "status" || column.ends_with("_status")),
            "{}: no status",
            question.name
        );
    }
}

#[test]
fn both_books_show_each_question_as_it_is_asked() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for language in ["en", "ja"] {
        let page = std::fs::read_to_string(docs.join(language).join("src/questions.md")).unwrap();
        for question in Question::all().unwrap().iter().skip(Question::FIRST) {
            assert!(page.contains(&format!("`{}`", question.name)), "{language}: {}", question.name);
            assert!(page.contains(&question.example_sql().unwrap()), "{language}: {}", question.name);
        }
    }
}
