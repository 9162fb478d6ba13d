//! A nation whose truth is known, its release, and answers of named questions.
//!
//! In: the binary. Out: rows of answers, and people of figures by the names that `kayoi nation` gives them.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::PathBuf;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use kayoi_geography::Register;
use kayoi_query::Question;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::kayoi::{json, run, text};

/// Percent of people with a phone in the panel: fewer than a usual panel, so that some towns are fully hidden.
const PANEL_PERCENT: &str = "1";

/// Table, area, kind, origin or other municipality.
type Figure = [String; 4];

/// A release and its truth.
pub struct World {
    folder: TempDir,
    people: HashMap<Figure, f64>,
    questions: BTreeMap<&'static str, Question>,
}

/// A row of an answer.
pub struct Row(Map<String, Value>);

impl Row {
    /// A text; `None` when the column is empty or not there.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.0.get(column)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// A number; `None` when the column is empty or not there.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.0.get(column)?.as_f64()
    }

    /// Whether columns have these texts.
    pub fn has(&self, columns: &[(&str, &str)]) -> bool {
        columns.iter().all(|(column, text)| self.text(column).as_deref() == Some(text))
    }
}

impl World {
    /// Makes the nation and its release, and reads the truth.
    pub fn make() -> Self {
        let folder = TempDir::new().unwrap();
        let (lake, truth) = (folder.path().join("lake"), folder.path().join("truth"));
        run(&["nation", "--lake", text(&lake), "--truth", text(&truth), "--panel-percent", PANEL_PERCENT]);
        let file = File::open(truth.join("figures.parquet")).unwrap();
        let mut people = HashMap::new();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            read(&batch.unwrap(), &mut people);
        }
        let questions = Question::all().unwrap().into_iter().map(|question| (question.name, question));
        Self { folder, people, questions: questions.collect() }
    }

    /// The rows that a named question gives for a place: its own code, that of its prefecture; beside it another town.
    pub fn answer(&self, question: &str, place: &str) -> Vec<Row> {
        let question = &self.questions[question];
        let code = |name: &str| match name {
            "prefecture" => &place[..2],
            "other" => "13402",
            _ => place,
        };
        let values = question.parameters.iter().map(|one| (one.name.clone(), code(&one.name).to_owned()));
        self.rows(&question.sql_for(&values.collect()).unwrap())
    }

    /// The lake.
    pub fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// The rows of an answer.
    pub fn rows(&self, sql: &str) -> Vec<Row> {
        let lake = self.lake();
        let answer = json(&["query", sql, "--format", "json", "--lake", text(&lake)]);
        let rows = answer["rows"].as_array().unwrap();
        rows.iter().map(|row| Row(row.as_object().unwrap().clone())).collect()
    }

    /// People of a figure in truth; nobody where it has no row.
    pub fn people(&self, table: &str, area: &str, kind: &str, origin: &str) -> f64 {
        let figure = [table, area, kind, origin].map(str::to_owned);
        self.people.get(&figure).copied().unwrap_or(0.0)
    }

    /// Percent that a figure is of another.
    pub fn percent(&self, table: &str, area: &str, [part, whole]: [(&str, &str); 2]) -> f64 {
        100.0 * self.people(table, area, part.0, part.1) / self.people(table, area, whole.0, whole.1)
    }
}

/// Tables of which only some rows are needed, of the millions there are.
fn is_needed(table: &str, area: &str, kind: &str) -> bool {
    match table {
        "connected_monthly" => {
            kind == "connected"
                || kind == "visitor"
                || area == super::asked::TOWN
                || area == super::asked::CITY
        }
        "matching_yearly" | "flows_monthly" | "trips_monthly" | "visitors_monthly" => {
            area == super::asked::TOWN
        }
        _ => true,
    }
}

fn read(batch: &RecordBatch, people: &mut HashMap<Figure, f64>) {
    let words = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
    let [tables, areas, kinds, origins] = ["table", "area", "kind", "origin"].map(words);
    let values = batch.column_by_name("people").unwrap().as_primitive::<Float64Type>();
    for row in 0..batch.num_rows() {
        if is_needed(tables.value(row), areas.value(row), kinds.value(row)) {
            let figure = [tables, areas, kinds, origins].map(|words| words.value(row).to_owned());
            people.insert(figure, values.value(row));
        }
    }
}

/// The code of a municipality by its name and its prefecture's.
pub fn code(name: &str, prefecture: Option<&str>) -> Option<String> {
    let mut all = Register::japan().all().iter();
    let is_it = |town: &&kayoi_geography::Municipality| {
        town.name == name && prefecture.is_none_or(|prefecture| town.prefecture == prefecture)
    };
    all.find(is_it).map(|town| town.code.to_string())
}

/// The code of a prefecture by its name; `JP` of the country.
pub fn area(name: &str) -> Option<String> {
    match name {
        "全国" => Some("JP".to_owned()),
        name => Register::prefecture_of_name(name).map(|code| code.to_string()),
    }
}

/// People of the census in a municipality.
pub fn census(code: &str) -> Option<f64> {
    let mut all = Register::japan().all().iter();
    all.find(|town| town.code.to_string() == code).map(|town| f64::from(town.population_2020))
}
