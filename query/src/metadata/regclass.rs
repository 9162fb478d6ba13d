//! Numbers of relations by name, as a cast to `regclass` looks them up.
//!
//! In: names, with or without a schema and quotes. Out: the numbers of `pg_class`. The library makes a subquery of the
//! cast, which finds nothing in `pg_catalog` without its name and cannot take a name that a query puts together.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, Int32Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int32Type};
use datafusion::common::exec_err;
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::relations::{QUESTIONS, Relation};

/// `regclass(name)`, which fails for a name that nothing has, and `to_regclass(name)`, which gives NULL.
pub(super) fn all(relations: &[Relation]) -> Vec<ScalarUDF> {
    let mut numbers = HashMap::new();
    for relation in relations {
        numbers.insert(format!("{}.{}", relation.schema_name(), relation.name), relation.oid);
        if is_visible(relation) {
            numbers.insert(relation.name.clone(), relation.oid);
        }
    }
    let numbers = Arc::new(numbers);
    let hidden = relations.iter().filter(|relation| !is_visible(relation)).map(|relation| relation.oid);
    let visible = Visible { hidden: hidden.collect(), signature: Signature::any(1, Volatility::Stable) };
    [("regclass", true), ("to_regclass", false)]
        .map(|(name, must_be_there)| {
            let signature = Signature::any(1, Volatility::Stable);
            ScalarUDF::from(Number { name, must_be_there, numbers: Arc::clone(&numbers), signature })
        })
        .into_iter()
        .chain([ScalarUDF::from(visible)])
        .collect()
}

/// Whether a relation is found by its name without its schema.
fn is_visible(relation: &Relation) -> bool {
    relation.schema != QUESTIONS
}

/// `pg_table_is_visible(number)`. Tools list what is visible as that of the schema where nobody names one.
#[derive(Debug)]
struct Visible {
    hidden: HashSet<i32>,
    signature: Signature,
}

impl PartialEq for Visible {
    fn eq(&self, other: &Self) -> bool {
        self.hidden == other.hidden
    }
}

impl Eq for Visible {}

impl Hash for Visible {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hidden.len().hash(state);
    }
}

impl ScalarUDFImpl for Visible {
    fn name(&self) -> &str {
        "pg_table_is_visible"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DataFusionResult<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        let [number] = args.args.as_slice() else { return exec_err!("{} takes one number", self.name()) };
        let numbers = cast(&number.to_array(args.number_rows)?, &DataType::Int32)?;
        let is_visible = |number: Option<i32>| Some(!self.hidden.contains(&number?));
        let visible: BooleanArray = numbers.as_primitive::<Int32Type>().iter().map(is_visible).collect();
        Ok(ColumnarValue::Array(Arc::new(visible)))
    }
}

#[derive(Debug)]
struct Number {
    name: &'static str,
    must_be_there: bool,
    numbers: Arc<HashMap<String, i32>>,
    signature: Signature,
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        // The relations are the same in all contexts of a process.
        self.name == other.name
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Number {
    fn of(&self, name: &str) -> DataFusionResult<Option<i32>> {
        if let Ok(number) = name.parse() {
            return Ok(Some(number));
        }
        match self.numbers.get(&name.replace('"', "").to_lowercase()) {
            Some(number) => Ok(Some(*number)),
            None if self.must_be_there => {
                exec_err!("no relation has this name\nhint: `SHOW TABLES` lists them")
            }
            None => Ok(None),
        }
    }
}

impl ScalarUDFImpl for Number {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DataFusionResult<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        let [name] = args.args.as_slice() else { return exec_err!("{} takes one name", self.name) };
        let names = cast(&name.to_array(args.number_rows)?, &DataType::Utf8)?;
        let names = names.as_string::<i32>();
        let number = |row| if names.is_valid(row) { self.of(names.value(row)) } else { Ok(None) };
        let numbers: Int32Array = (0..args.number_rows).map(number).collect::<Result<_, _>>()?;
        Ok(ColumnarValue::Array(Arc::new(numbers)))
    }
}
