//! From a function on one row to a DataFusion function on columns.
//!
//! In: a name, parameter types and a body that sees one row without NULLs. Out: a [`Function`]. It accepts
//! any of Arrow's text types and any number that widens without loss, and works on columns and constants.
//!
//! The nearest rival is DataFusion's `create_udf`. It hands a closure whole columns, so that each of our
//! functions would have to skip NULLs, tell constants from columns and wrap its errors by itself; and
//! it takes exact types only, so that a wrong argument is reported in Arrow's words and not in those of the
//! documentation.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use h3o::CellIndex;
use kayoi_geography::mesh::MeshCodeError;
use kayoi_schemas::ids::CodeError;

use crate::types::sql_type;

/// A value that a function cannot take.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum FunctionError {
    /// A coordinate that is not on the globe.
    #[error("{axis} `{degrees}` is not in -{limit}..={limit} degrees")]
    Coordinate {
        /// `latitude` or `longitude`.
        axis: &'static str,
        /// The value that was given, in degrees.
        degrees: f64,
        /// The greatest value that the axis has, in degrees.
        limit: u8,
    },
    /// A number that is not a resolution of H3.
    #[error("resolution `{0}` is not in 0..=15")]
    Resolution(i64),
    /// A length that is not the side of a grid square.
    #[error("mesh of `{0}` m: levels of JIS X 0410 are 80000, 10000, 5000, 2000, 1000, 500, 250, 125")]
    MeshLevel(i64),
    /// A text that is not a code of a grid square.
    #[error(transparent)]
    Mesh(#[from] MeshCodeError),
    /// A mesh asked for its parent at a level that does not contain it.
    #[error("mesh `{code}` does not lie in one square of {metres} m")]
    MeshParent {
        /// The code that was given.
        code: String,
        /// The nominal side of the level asked for, in metres.
        metres: i64,
    },
    /// A unit that areas are not given in.
    #[error("unit `{0}`: areas are in `km^2` or `m^2`")]
    AreaUnit(String),
    /// Two cells whose distance on the grid is not defined.
    #[error(
        "cells `{0}` and `{1}` have no distance on the grid: they differ in resolution or lie too far apart"
    )]
    GridDistance(String, String),
    /// A text that is not an H3 cell.
    #[error("invalid cell `{0}`: an H3 cell is 15 hexadecimal digits, as in `892f5aad3afffff`")]
    Cell(String),
    /// A parent finer than its child.
    #[error("cell `{cell}` has resolution {has}: its parent's is in 0..={has}, not `{asked}`")]
    Parent {
        /// The cell whose parent was asked for.
        cell: String,
        /// The resolution that it has.
        has: u8,
        /// The resolution asked for.
        asked: u8,
    },
    /// A text that is not a code of a municipality or prefecture.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A subquery that is one value, of which there are several.
    #[error("a subquery that stands for one value gives more than one row")]
    SeveralRows,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    Text,
    Double,
    Int,
    /// An H3 cell, as a text or as the number that it is.
    Cell,
}

impl Parameter {
    /// The type to cast an argument to, when it may be.
    fn accept(self, given: &DataType) -> Option<DataType> {
        match (self, given) {
            (Self::Text, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null) => {
                Some(DataType::Utf8)
            }
            (Self::Text, DataType::Dictionary(_, values)) => self.accept(values),
            (Self::Double, given) if given.is_numeric() || given.is_null() => Some(DataType::Float64),
            (Self::Int, given) if given.is_integer() || given.is_null() => Some(DataType::Int64),
            (Self::Cell, given) if given.is_integer() => Some(DataType::Int64),
            (Self::Cell, given) => Self::Text.accept(given),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Double => "double",
            Self::Int => "int",
            Self::Cell => "cell",
        }
    }
}

/// One value of a result.
pub(super) enum Value {
    Text(String),
    Double(f64),
    Long(i64),
    Boolean(bool),
    /// In the form of the first argument.
    Cell(CellIndex),
}

/// The arguments of one row, none of them NULL.
pub(super) struct Row<'a> {
    columns: &'a [ArrayRef],
    index: usize,
}

impl Row<'_> {
    pub(super) fn text(&self, argument: usize) -> &str {
        self.columns[argument].as_string::<i32>().value(self.index)
    }

    pub(super) fn double(&self, argument: usize) -> f64 {
        self.columns[argument].as_primitive::<Float64Type>().value(self.index)
    }

    /// A cell in either form.
    pub(super) fn cell(&self, argument: usize) -> Result<CellIndex, FunctionError> {
        let wrong = |cell: &dyn fmt::Display| FunctionError::Cell(cell.to_string());
        if *self.columns[argument].data_type() == DataType::Int64 {
            let number = self.int(argument);
            return CellIndex::try_from(number.cast_unsigned()).map_err(|_| wrong(&number));
        }
        let text = self.text(argument);
        text.parse().map_err(|_| wrong(&text))
    }

    pub(super) fn int(&self, argument: usize) -> i64 {
        self.columns[argument].as_primitive::<Int64Type>().value(self.index)
    }
}

type Body = Arc<dyn Fn(&Row<'_>) -> std::result::Result<Option<Value>, FunctionError> + Send + Sync>;

/// A scalar function by its body on one row.
pub(super) struct Function {
    name: &'static str,
    parameters: &'static [Parameter],
    /// `None`: the type of the first argument.
    returns: Option<DataType>,
    signature: Signature,
    body: Body,
}

impl Function {
    pub(super) fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: DataType,
        body: impl Fn(&Row<'_>) -> std::result::Result<Option<Value>, FunctionError> + Send + Sync + 'static,
    ) -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        Self { name, parameters, returns: Some(returns), signature, body: Arc::new(body) }
    }

    /// A function from a cell to a cell in the same form.
    pub(super) fn of_cells(
        name: &'static str,
        parameters: &'static [Parameter],
        body: impl Fn(&Row<'_>) -> std::result::Result<Option<Value>, FunctionError> + Send + Sync + 'static,
    ) -> Self {
        Self { returns: None, ..Self::new(name, parameters, DataType::Null, body) }
    }

    fn result(&self, arguments: &[DataType]) -> DataType {
        let first = || arguments.first().cloned().unwrap_or(DataType::Utf8);
        self.returns.clone().unwrap_or_else(first)
    }

    fn column(&self, columns: &[ArrayRef]) -> Result<ArrayRef> {
        let rows = columns.first().map_or(0, |column| column.len());
        let value = |index| {
            if columns.iter().any(|column| column.is_null(index)) {
                return Ok(None);
            }
            (self.body)(&Row { columns, index }).map_err(|error| DataFusionError::External(Box::new(error)))
        };
        let values = (0..rows).map(value).collect::<Result<Vec<_>>>()?;
        let types: Vec<DataType> = columns.iter().map(|column| column.data_type().clone()).collect();
        Ok(match self.result(&types) {
            DataType::Float64 => Arc::new(Float64Array::from_iter(values.iter().map(|value| match value {
                Some(Value::Double(number)) => Some(*number),
                _ => None,
            }))),
            DataType::Int64 => Arc::new(Int64Array::from_iter(values.iter().map(|value| match value {
                Some(Value::Long(number)) => Some(*number),
                Some(Value::Cell(cell)) => Some(u64::from(*cell).cast_signed()),
                _ => None,
            }))),
            DataType::Boolean => Arc::new(BooleanArray::from_iter(values.iter().map(|value| match value {
                Some(Value::Boolean(is_so)) => Some(*is_so),
                _ => None,
            }))),
            _ => Arc::new(StringArray::from_iter(values.iter().map(|value| match value {
                Some(Value::Text(text)) => Some(text.clone()),
                Some(Value::Cell(cell)) => Some(cell.to_string()),
                _ => None,
            }))),
        })
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(self.result(arguments))
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let pairs = self.parameters.iter().zip(given);
        let accepted: Option<Vec<_>> = pairs.map(|(parameter, given)| parameter.accept(given)).collect();
        match accepted {
            Some(types) if given.len() == self.parameters.len() => Ok(types),
            _ => {
                let takes: Vec<_> = self.parameters.iter().map(|parameter| parameter.word()).collect();
                let given: Vec<_> = given.iter().map(sql_type).collect();
                plan_err!("`{}` takes ({}), not ({})", self.name, takes.join(", "), given.join(", "))
            }
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = arguments.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let column = self.column(&ColumnarValue::values_to_arrays(&arguments.args)?)?;
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&column, 0)?));
        }
        Ok(ColumnarValue::Array(column))
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Names are unique, so they tell functions apart.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
