//! `kayoi ask` and `kayoi questions`: named questions, whose answers are stated in a sentence.
//!
//! In: the name of a question, places by code or name. Out: the sentence, the rows, what the answer does not say. Where the
//! rows are for a program, the words go to stderr, so that a file holds rows alone.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use kayoi_query::{Asked, Asker, Door, Language, Question, Rendering, Rows};
use serde_json::{Value, json};

use super::query::{rendering, service};
use crate::args::{AskOptions, AskValues, LanguageName, QuestionsOptions};
use crate::coded::refuse;
use crate::screen::{bytes, line, note};

pub(crate) fn run(options: &AskOptions) -> anyhow::Result<()> {
    let language = language(options.lang);
    let question = Question::named(&options.name)?;
    let values = question.values(&given(&options.values))?;
    let format = rendering(options.format);
    if matches!(format, Rendering::Parquet) && std::io::stdout().is_terminal() {
        refuse!(Argument, "Parquet is not for a terminal\nhint: write it to a file: > FILE.parquet")
    }
    let sql = question.sql_for(&values)?;
    let service = service(&options.lake, &options.geography)?;
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
    let rows = tokio::runtime::Runtime::new()?.block_on(service.rows(asked))?;
    let sentence = question.fill(language, &values, &rows.cells()?);
    if options.json {
        return line(as_value(&question, language, &values, (&sentence, &rows))?);
    }
    let limits = format!(
        "{}{}",
        say(language, "言えないこと: ", "It does not say: "),
        language.say(&question.does_not_say)
    );
    let written = rows.write(format, Vec::new())?;
    if matches!(format, Rendering::Table) {
        line(format_args!("{sentence}\n"))?;
        bytes(written.as_slice())?;
        return line(format_args!("\n{limits}"));
    }
    note(&sentence);
    note(&limits);
    bytes(written.as_slice())
}

/// What was given for parameters, by their names.
fn given(values: &AskValues) -> BTreeMap<String, String> {
    let all = [
        ("town", &values.town),
        ("other", &values.other),
        ("others", &values.others),
        ("kind", &values.kind),
        ("grid", &values.grid),
        ("prefecture", &values.prefecture),
        ("month", &values.month),
    ];
    let given = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    given.collect()
}

/// An answer as one object: that of the rows, and the words around them.
fn as_value(
    question: &Question,
    language: Language,
    values: &BTreeMap<String, String>,
    (sentence, rows): (&str, &Rows),
) -> anyhow::Result<Value> {
    let mut answer: Value = serde_json::from_slice(&rows.write(Rendering::Json, Vec::new())?)?;
    answer["question"] = json!(question.name);
    answer["title"] = json!(question.title_for(language, values));
    answer["parameters"] = json!(values);
    answer["sentence"] = json!(sentence);
    answer["does_not_say"] = json!(language.say(&question.does_not_say));
    answer["chart"] = json!(question.chart.as_str());
    Ok(answer)
}

pub(crate) fn list(options: &QuestionsOptions) -> anyhow::Result<()> {
    let language = language(options.lang);
    match (&options.name, options.json) {
        (Some(name), false) => explain(&Question::named(name)?, language),
        (Some(name), true) => line(Question::named(name)?.as_json()),
        (None, true) => line(json!(Question::all()?.iter().map(Question::as_json).collect::<Vec<_>>())),
        (None, false) => Question::all()?.iter().try_for_each(|question| {
            line(format_args!("{:<26} {}", with_parameters(question), language.say(question.title())))
        }),
    }
}

/// The name with the options that it takes.
fn with_parameters(question: &Question) -> String {
    let words = question.parameters.iter().map(|parameter| match parameter.example_is_default {
        true => format!(" [--{}]", parameter.name),
        false => format!(" --{}", parameter.name),
    });
    std::iter::once(question.name.to_owned()).chain(words).collect()
}

fn explain(question: &Question, language: Language) -> anyhow::Result<()> {
    line(format_args!("{}\n{}", question.name, language.say(question.title())))?;
    for parameter in &question.parameters {
        let default = say(language, "省略すると", "or ");
        let default = if parameter.example_is_default {
            format!(" ({default}{})", parameter.example)
        } else {
            String::new()
        };
        line(format_args!("  --{:<12} {}{default}", parameter.name, language.say(&parameter.meaning)))?;
    }
    line(format_args!("\n{}\n", question.template().trim()))?;
    line(format_args!(
        "{}{}",
        say(language, "言えないこと: ", "It does not say: "),
        language.say(&question.does_not_say)
    ))?;
    line(format_args!("{}{}", say(language, "図: ", "Chart: "), question.chart.as_str()))
}

fn language(name: LanguageName) -> Language {
    match name {
        LanguageName::Ja => Language::Japanese,
        LanguageName::En => Language::English,
    }
}

fn say(language: Language, ja: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}
