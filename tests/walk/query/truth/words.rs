//! What `kayoi ask` says of a town that is shown and of one that is not, and the table of it in both books.
//!
//! In: the nation's lake. Out: for each named question its sentence, in Japanese and English: filled, or the words of a status.

use std::collections::BTreeMap;

use kayoi_query::{AnswerRow, Language, Question};
use kayoi_schemas::figure::Status;
use serde_json::Value;

use super::HIDDEN;
use super::asked::{CITY, TOWN};
use super::page::{Mark, cells_line, shown};
use super::world::World;
use crate::kayoi::{json, output, text};

const LANGUAGES: [&str; 2] = ["ja", "en"];
const HEADS: [[&str; 3]; 2] = [["質問", "松本市", "青ヶ島村"], ["question", "Matsumoto", "Aogashima"]];
const MARK: Mark =
    Mark { begin: "<!-- table of words: written by a test -->\n", end: "<!-- end of the words -->\n" };
/// What stands where a table has no row at all.
const NOTHING: [&str; 2] =
    ["示せる値がありません。0人という意味ではありません。", "Nothing can be shown. It does not mean zero."];

/// The sentence of a question about a place: in Japanese as the command line says it, in English as another door fills it
/// from the same rows.
fn sentences(world: &World, question: &Question, town: &str) -> [String; 2] {
    let lake = world.lake();
    let mut words = ["ask", question.name, "--json", "--lake", text(&lake)].map(str::to_owned).to_vec();
    for parameter in question.parameters.iter().filter(|parameter| !parameter.example_is_default) {
        let value = match parameter.name.as_str() {
            "town" => town,
            "prefecture" => &town[..2],
            _ => &parameter.example,
        };
        words.extend([format!("--{}", parameter.name), value.to_owned()]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let answer = json(&words);
    assert_eq!(answer["question"], question.name);
    assert!(answer["does_not_say"].is_string() && answer["credit"].is_string());
    let rows: Vec<AnswerRow> = serde_json::from_value(answer["rows"].clone()).unwrap();
    let values: BTreeMap<String, String> = serde_json::from_value(answer["parameters"].clone()).unwrap();
    assert_eq!(answer["sentence"], question.fill(Language::Japanese, &values, &rows));
    let both =
        [Language::Japanese, Language::English].map(|language| question.fill(language, &values, &rows));
    for sentence in &both {
        assert!(
            !sentence.contains(['{', '}']) && sentence.ends_with(['。', '.']),
            "{}: {sentence}",
            question.name
        );
    }
    both
}

fn is_of_a_town(question: &Question) -> bool {
    question.parameters.iter().any(|parameter| parameter.name == "town")
}

/// What a sentence says before the value of a larger group, which is no figure of the town.
const OF_A_GROUP: [&str; 2] = ["この区分では値を出していません。", "Not shown by itself. "];

/// A sentence of a town of which nothing is shown: words of a status, the value of a larger group, or no number at all.
fn says_no_figure(sentence: &str, language: usize) -> bool {
    if !sentence.contains(char::is_numeric) {
        return true;
    }
    let is_of = |status: &Status| sentence.contains([status.note_ja(), status.note_en()][language]);
    let without = Status::ALL.iter().filter(|status| !status.has_value());
    sentence.contains(NOTHING[language])
        || sentence.contains(OF_A_GROUP[language])
        || without.clone().any(is_of)
}

/// Asks every question, and compares the tables of both books, or writes them.
pub fn said_in_both_books(world: &World) {
    let none = || ["–", "–"].map(str::to_owned);
    let said: Vec<(&str, [String; 2], [String; 2])> = Question::all()
        .unwrap()
        .iter()
        .map(|question| {
            let hidden =
                if is_of_a_town(question) { sentences(world, question, HIDDEN[0].0) } else { none() };
            (question.name, sentences(world, question, TOWN), hidden)
        })
        .collect();
    for (language, name) in LANGUAGES.into_iter().enumerate() {
        let heads = HEADS[language].map(str::to_owned);
        let mut lines = vec![cells_line(&heads), format!("|{}", "---|".repeat(heads.len()))];
        let filled = said.iter().filter(|(_, own, _)| !says_no_figure(&own[language], language)).count();
        assert!(filled >= 30, "{filled} sentences are filled");
        for (question, own, hidden) in &said {
            let (own, hidden) = (&own[language], &hidden[language]);
            assert!(hidden == "–" || says_no_figure(hidden, language), "{question}: {hidden}");
            lines.push(cells_line(&[format!("`{question}`"), own.clone(), hidden.clone()]));
        }
        shown(name, &MARK, &format!("\n{}\n\n", lines.join("\n")));
    }
    forms(world);
}

/// Rows for a program stand alone on stdout; for a person the sentence comes first.
fn forms(world: &World) {
    let lake = world.lake();
    let asked = |more: &[&str]| {
        let words = ["ask", "dual-rhythms", "--town", "横浜市", "--lake", text(&lake)];
        let output = output(&[&words[..], more].concat());
        assert!(output.status.success());
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap())
    };
    let [table, _] = asked(&[]);
    let sentence = table.lines().next().unwrap();
    assert!(sentence.contains("横浜市の二地域居住者は約") && table.contains("言えないこと: "), "{table}");
    let [csv, words] = asked(&["--format", "csv"]);
    assert!(csv.starts_with("period_kind,period,regime,") && !csv.contains(sentence), "{csv}");
    assert!(words.contains(sentence) && words.contains("言えないこと: "), "{words}");
    let [english, _] = asked(&["--lang", "en"]);
    assert!(
        english.starts_with("In the 12 months to December 2025 Yokohama has about ")
            && english.contains("It does not say: "),
        "{english}"
    );
    let by_code = json(&["ask", "dual-rhythms", "--town", CITY, "--json", "--lake", text(&lake)]);
    assert_eq!(by_code["sentence"], sentence);
    assert_eq!(by_code["parameters"]["town"], CITY);
    assert!(matches!(by_code["rows"][0]["persons"], Value::Number(_)));
}
