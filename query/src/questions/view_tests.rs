use std::collections::BTreeSet;

use super::*;

use crate::ask::Door;
use crate::engine::{Engine, Limits};
use crate::fixture::{Whole, answer, asked, engine};
use crate::types::sql_type;

/// Questions that write a file of a published product, in the product's columns. They are no tables to calculate with.
const EXPORTS: [&str; 3] = ["digital-tourism", "mlit-fromto-city", "resas-stay"];

async fn ask(engine: &Arc<Engine>, sql: &str) -> Whole {
    answer(engine, asked(Door::CommandLine, sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn question(view: &QuestionView) -> &'static Question {
    let of = |question: &&Question| question.name.replace('-', "_") == view.name;
    Question::known().unwrap().iter().find(of).unwrap()
}

#[test]
fn each_question_that_takes_nothing_is_a_view_and_each_view_reads() {
    let questions = Question::known().unwrap();
    let written = questions.iter().filter(|question| question.view.is_some()).count();
    assert_eq!(QuestionView::all().len(), written, "a view that does not parse, or a column without words");
    for question in questions {
        if question.parameters.is_empty() && !EXPORTS.contains(&question.name) {
            assert!(QuestionView::named(&question.name.replace('-', "_")).is_some(), "{}", question.name);
        }
    }
    for view in QuestionView::all() {
        assert!(!view.reads.is_empty(), "{}: it would be shown to everybody", view.name);
        assert!(!view.words.ja.contains('{') && !view.words.en.contains('{'), "{:?}", view.words);
    }
}

#[tokio::test]
async fn a_view_has_the_columns_that_the_catalog_says_with_words_in_both_languages() {
    let engine = engine(Limits::default());
    for view in QuestionView::all() {
        let answer = ask(&engine, &format!("SELECT * FROM {VIEWS}.{}", view.name)).await;
        let given: Vec<_> = answer
            .schema()
            .fields()
            .iter()
            .map(|one| (one.name().clone(), sql_type(one.data_type())))
            .collect();
        let said: Vec<_> = view.columns.iter().map(|one| (one.name.clone(), sql_type(&one.kind))).collect();
        assert_eq!(given, said, "{}", view.name);
        for column in &view.columns {
            assert!(!column.ja.is_empty() && !column.en.is_empty(), "{}.{}", view.name, column.name);
        }
    }
}

#[tokio::test]
async fn each_row_of_a_question_is_in_its_view() {
    let engine = engine(Limits::default());
    let mut answered = 0;
    for view in QuestionView::all() {
        let town = if question(view).parameters.is_empty() { "" } else { "'20361'" };
        let function = format!("{}({town})", view.name);
        let answer = ask(&engine, &format!("SELECT * FROM {function}")).await;
        let of_question: BTreeSet<_> =
            answer.schema().fields().iter().map(|field| field.name().clone()).collect();
        // A question writes months as texts.
        let both: Vec<&str> = view
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .filter(|name| *name != "month" && of_question.contains(*name))
            .collect();
        assert!(both.len() > 2, "{}: {both:?}", view.name);
        let columns = both.join(", ");
        let name = &view.name;
        let missing = format!("SELECT {columns} FROM {function} EXCEPT SELECT {columns} FROM {VIEWS}.{name}");
        assert_eq!(ask(&engine, &missing).await.row_count(), 0, "{missing}");
        answered += usize::from(answer.row_count() > 0);
    }
    assert!(answered > 5, "{answered}");
}

#[test]
fn a_view_that_adds_up_says_how_many_rows_it_could_not_add() {
    let mut sums = 0;
    for view in QuestionView::all() {
        let counts = view.columns.iter().any(|column| column.name == HIDDEN);
        assert_eq!(counts, view.sql.contains("sum("), "{}", view.name);
        sums += usize::from(counts);
    }
    assert_eq!(sums, 2);
}

#[tokio::test]
async fn a_row_with_no_value_is_counted_beside_the_sum_that_leaves_it_out() {
    let engine = engine(Limits::default());
    // Of Tokyo there are 400 people, of Kanagawa nothing is shown.
    let sql = "SELECT person_municipalities, figures_shown, hidden FROM questions.metro_to_local \
               WHERE lives_in = 'metropolitan' AND connected_to = 'local' \
                 AND person_municipalities = 400 AND figures_shown = 1 AND hidden = 1";
    assert_eq!(ask(&engine, sql).await.row_count(), 1);
}

#[tokio::test]
async fn a_condition_on_a_town_reaches_the_table_through_what_is_ranked() {
    let engine = engine(Limits::default());
    let sql = "EXPLAIN SELECT * FROM questions.origins_top5 WHERE municipality_code = '20361'";
    let plan = format!("{:?}", ask(&engine, sql).await.batches());
    let (ranked, picked) = (plan.find("WindowAggr").unwrap(), plan.rfind("20361").unwrap());
    assert!(ranked < picked, "{plan}");
}

#[tokio::test]
async fn a_view_is_named_as_tools_name_it() {
    let engine = engine(Limits::default());
    for sql in [
        r#"SELECT "questions"."connected_people"."persons" FROM "questions"."connected_people" WHERE "questions"."connected_people"."municipality_code" = '20361'"#,
        "SELECT Questions.Connected_People.persons FROM kayoi.questions.connected_people ORDER BY kayoi.questions.connected_people.persons",
        "SELECT questions.connected_people.* FROM questions.connected_people",
        "SELECT v.persons FROM questions.connected_people AS v JOIN connected_people() AS f ON f.persons = v.persons",
        "WITH v AS (SELECT * FROM questions.connected_people) SELECT count(*) FROM v",
        "table questions.connected_people ORDER BY 1 LIMIT 3",
    ] {
        assert_eq!(ask(&engine, sql).await.row_count(), 1, "{sql}");
    }
    let refused = answer(&engine, asked(Door::CommandLine, "SELECT * FROM questions.no_such_view")).await;
    assert!(refused.unwrap_err().to_string().contains("unknown table"));
    let many = ["SELECT count(*) FROM questions.connected_people"; 5].join(" UNION ALL ");
    let refused = answer(&engine, asked(Door::CommandLine, &many)).await;
    assert!(refused.unwrap_err().to_string().contains("4 named questions at most"));
}

#[tokio::test]
async fn a_view_is_described_and_listed() {
    let engine = engine(Limits::default());
    let described = ask(&engine, "DESCRIBE questions.metro_to_local").await;
    let columns = QuestionView::named("metro_to_local").unwrap().columns.len();
    assert_eq!(described.row_count(), columns);
    let listed = "SELECT table_name FROM information_schema.tables \
                  WHERE table_schema = 'questions' AND table_type = 'VIEW'";
    assert_eq!(ask(&engine, listed).await.row_count(), QuestionView::all().len());
}
