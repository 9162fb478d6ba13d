//! `/v1/questions`: what people ask again and again, by name.
//!
//! In: the name of a question and a value for each of its parameters, as `town=20214`. Out: the list of all
//! questions, or the answer to one: its title, what it does not say, its SQL and its rows, as one object, or
//! the rows alone in another form.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kayoi_geography::Register;
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::{Map, Value, json};

use super::SharedSite;
use super::problem::Problem;
use super::query::wanted;
use super::reply::{Put, document, reply};
use super::stating::Stating;
use super::tables::unknown;
use crate::questions::{MONTH, ParameterType, Question, QuestionError, QuestionParameter, Words};

/// What stands in the address, or why it cannot be read.
pub(super) type Parameters = Result<Query<BTreeMap<String, String>>, QueryRejection>;

/// A question with a value in each of its places.
pub(super) struct Filled {
    pub(super) sql: String,
    /// What stands beside the rows.
    pub(super) about: Map<String, Value>,
    pub(super) stating: Stating,
}

pub(super) async fn all(headers: HeaderMap) -> Response {
    let told = match known() {
        Ok(known) => {
            let questions: Vec<Value> = known.iter().map(described).collect();
            document(&headers, &json!({ "questions": questions }), None).await
        }
        Err(problem) => Err(problem),
    };
    told.unwrap_or_else(|problem| problem.response(&headers))
}

pub(super) async fn ask(
    State(site): State<SharedSite>,
    Path(name): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    let put = put(&name, parameters);
    let replied = match put {
        Ok(put) => reply(&site, &headers, put).await,
        Err(problem) => Err(problem),
    };
    replied.unwrap_or_else(|problem| problem.response(&headers))
}

fn put(name: &str, parameters: Parameters) -> Result<Put, Problem> {
    let Query(mut said) = parameters.map_err(|rejection| Problem::bad(rejection.body_text()))?;
    let format = said.remove("format");
    let release = wanted(said.remove("rev").as_deref(), said.remove("d"))?;
    let Filled { sql, about, stating } = filled(name, said)?;
    let file = stating.file();
    Ok(Put { text: sql, format, release, before: about, stating: Some(stating), file, ..Put::default() })
}

fn known() -> Result<&'static [Question], Problem> {
    let broken = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the named questions cannot be read");
    Question::known().ok_or_else(broken)
}

/// A question by its name, with values in its places.
///
/// # Errors
/// 404 for a name that there is not, 400 for a parameter that is missing, unknown or no code.
pub(super) fn filled(name: &str, said: BTreeMap<String, String>) -> Result<Filled, Problem> {
    let known = known()?;
    let Some(question) = known.iter().find(|question| question.name == name) else {
        let names: Vec<&str> = known.iter().map(|question| question.name).collect();
        return Err(unknown("question", name, &names));
    };
    let values = values(question, said)?;
    let value = |parameter: &QuestionParameter| values.get(&parameter.name).map_or("", String::as_str);
    let sql = question.sql_for(&values).map_err(|error| wrong(&error))?;
    for parameter in &question.parameters {
        parameter.takes.parts(value(parameter)).try_for_each(|part| there_is(parameter.takes, part))?;
    }
    let title = question.title_of(&values);
    let mut about = Map::new();
    about.insert("name".to_owned(), question.name.into());
    about.insert("title".to_owned(), both(&title));
    about.insert("does_not_say".to_owned(), both(&question.does_not_say));
    about.insert("parameters".to_owned(), json!(values));
    about.insert("sql".to_owned(), sql.as_str().into());
    let stating = Stating { question: question.clone(), values };
    Ok(Filled { sql, about, stating })
}

/// A value for each parameter, under its own name or under the word for what it takes.
fn values(
    question: &Question,
    mut said: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut values = BTreeMap::new();
    for parameter in &question.parameters {
        if let Some(value) = said.remove(&parameter.name) {
            values.insert(parameter.name.clone(), value);
        }
    }
    for parameter in &question.parameters {
        if !values.contains_key(&parameter.name)
            && let Some(value) = said.remove(word(parameter.takes))
        {
            values.insert(parameter.name.clone(), value);
        }
    }
    let name = question.name;
    let takes = match question.parameters.as_slice() {
        [] => format!("`{name}` takes none"),
        some => {
            let shown = some.iter().map(|one| format!("{}={}", one.name, one.example));
            format!("`/v1/questions/{name}?{}` has an answer", shown.collect::<Vec<_>>().join("&"))
        }
    };
    if let Some(month) = said.remove(MONTH) {
        values.insert(MONTH.to_owned(), month);
    }
    if let Some(other) = said.keys().next() {
        return Err(Problem::bad(format!("unknown parameter `{other}`")).with_hint(takes));
    }
    match question.parameters.iter().find(|one| !values.contains_key(&one.name)) {
        Some(missing) => {
            let (name, meaning) = (&missing.name, &missing.meaning.en);
            Err(Problem::bad(format!("the parameter `{name}` is missing: {meaning}")).with_hint(takes))
        }
        None => Ok(values),
    }
}

/// The word for what a parameter takes.
fn word(takes: ParameterType) -> &'static str {
    match takes {
        ParameterType::Municipality => "town",
        other => other.as_str(),
    }
}

/// Refuses a code that is well formed and nobody's: its empty answer would look like a hidden one.
fn there_is(takes: ParameterType, value: &str) -> Result<(), Problem> {
    if !matches!(takes, ParameterType::Municipality | ParameterType::Municipalities) {
        return Ok(());
    }
    let Ok(code) = MunicipalityCode::parse(value) else { return Ok(()) };
    let register = Register::japan();
    if register.get(code).is_some() {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, format!("no municipality has the code `{code}`"));
    let city = register.get(register.basic(code));
    Err(problem.with_hint(match city {
        Some(city) => format!("figures are of whole cities: {} is {}", city.name, city.code),
        None => "`/ogc/collections/municipalities/items` lists them".to_owned(),
    }))
}

fn wrong(error: &QuestionError) -> Problem {
    let told = error.told();
    match told.split_once("\nhint: ") {
        Some((said, hint)) => Problem::bad(said).with_hint(hint.to_owned()),
        None => Problem::bad(told),
    }
}

fn both(words: &Words) -> Value {
    json!({ "ja": words.ja, "en": words.en })
}

fn described(question: &Question) -> Value {
    // The list of the command line says `meaning`; this one has said `description` from the beginning.
    let parameter = |parameter: &QuestionParameter| {
        let mut said = parameter.as_json();
        said["description"] = both(&parameter.meaning);
        said
    };
    let parameters: Vec<Value> = question.parameters.iter().map(parameter).collect();
    json!({
        "name": question.name,
        "title": both(&question.title_with(|parameter| {
            let place = format!("{{{}}}", parameter.name);
            Words { ja: place.clone(), en: place }
        })),
        "parameters": parameters,
        "does_not_say": both(&question.does_not_say),
        "found_by": question.found_by,
    })
}
