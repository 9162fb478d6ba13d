//! What the catalog says of tables, columns and functions in words.
//!
//! In: numbers of objects, as clients read them in `pg_class` and `pg_proc`. Out: comments, arguments and results of
//! functions, and keys and views as SQL writes them. NULL for an object without words, as in PostgreSQL.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use super::keys::{self, CONSTRAINT, Key};
use super::relations::{self, CLASS, Comment, PROC, Relation};

/// Words by what they are of: catalog, object and column.
type Words = HashMap<(i64, i64, i64), String>;

/// Functions that tell words.
pub(super) fn all(comments: &[Comment], keys: &[Key], relations: &[Relation]) -> Vec<ScalarUDF> {
    let of = |comment: &Comment| {
        let key = (i64::from(comment.class), i64::from(comment.object), i64::from(comment.column));
        (key, comment.words.clone())
    };
    let comments: Arc<Words> = Arc::new(comments.iter().map(of).collect());
    let of_functions = |words: fn(&'static str, &'static str) -> String| -> Arc<Words> {
        let of =
            |(oid, _, arguments, result)| ((i64::from(PROC), i64::from(oid), 0), words(arguments, result));
        Arc::new(relations::functions().map(of).collect())
    };
    let arguments = of_functions(|arguments, _| arguments.replace(" double", " double precision"));
    let result = of_functions(|_, result| result.replace("double", "double precision"));
    let of_key = |(class, object, column, words): (i32, i32, i32, String)| {
        ((i64::from(class), i64::from(object), i64::from(column)), words)
    };
    let definitions: Arc<Words> = Arc::new(keys::definitions(keys).into_iter().map(of_key).collect());
    let of_view = |relation: &Relation| {
        let sql = relation.view?.sql.clone();
        Some(((i64::from(CLASS), i64::from(relation.oid), 0), sql))
    };
    let views: Arc<Words> = Arc::new(relations.iter().filter_map(of_view).collect());
    let told = |name, ask, words: &Arc<Words>| {
        let counts = [TypeSignature::Any(1), TypeSignature::Any(2), TypeSignature::Any(3)];
        let signature = Signature::one_of(counts.to_vec(), Volatility::Stable);
        ScalarUDF::from(Told { name, ask, words: Arc::clone(words), signature })
    };
    vec![
        told("obj_description", Ask::Object, &comments),
        told("col_description", Ask::Column, &comments),
        told("pg_get_constraintdef", Ask::Constraint, &definitions),
        told("pg_get_indexdef", Ask::Index, &definitions),
        told("pg_get_viewdef", Ask::View, &views),
        told("pg_get_function_arguments", Ask::Function, &arguments),
        told("pg_get_function_identity_arguments", Ask::Function, &arguments),
        told("pg_get_function_result", Ask::Function, &result),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ask {
    /// `(object [, catalog])`
    Object,
    /// `(table, column)`
    Column,
    /// `(function)`
    Function,
    /// `(index [, column, pretty])`, of which column 0 is the whole
    Index,
    /// `(constraint [, pretty])`
    Constraint,
    /// `(view [, pretty])`
    View,
}

#[derive(Debug)]
struct Told {
    name: &'static str,
    ask: Ask,
    words: Arc<Words>,
    signature: Signature,
}

impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        // Words are the same in all contexts of a process.
        self.name == other.name
    }
}

impl Eq for Told {}

impl Hash for Told {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Told {
    fn word(&self, object: i64, second: Option<&str>) -> Option<&str> {
        let found = |class: i32, column| self.words.get(&(i64::from(class), object, column));
        let found = match self.ask {
            Ask::Function => found(PROC, 0),
            Ask::Column => found(CLASS, second?.parse().ok()?),
            Ask::Index => match second {
                None => found(CLASS, 0),
                Some(column) => found(CLASS, column.parse().ok()?),
            },
            Ask::Constraint => found(CONSTRAINT, 0),
            Ask::View => found(CLASS, 0),
            Ask::Object => match second {
                None => found(CLASS, 0).or_else(|| found(PROC, 0)),
                Some("pg_class") => found(CLASS, 0),
                Some("pg_proc") => found(PROC, 0),
                Some(_) => None,
            },
        };
        found.map(String::as_str)
    }
}

impl ScalarUDFImpl for Told {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DataFusionResult<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (value, data_type) in args.args.iter().zip([DataType::Int64, DataType::Utf8]) {
            columns.push(cast(&value.to_array(args.number_rows)?, &data_type)?);
        }
        let [objects, rest @ ..] = columns.as_slice() else {
            return Ok(ColumnarValue::Scalar(None::<&str>.into()));
        };
        let objects = objects.as_primitive::<Int64Type>();
        let second = |row: usize| {
            let column = rest.first()?.as_string::<i32>();
            column.is_valid(row).then(|| column.value(row))
        };
        let word = |row| objects.is_valid(row).then(|| self.word(objects.value(row), second(row))).flatten();
        let words: StringArray = (0..args.number_rows).map(word).collect();
        Ok(ColumnarValue::Array(Arc::new(words)))
    }
}
