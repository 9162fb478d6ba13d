//! Functions by which clients ask about the server.
//!
//! In: nothing. Out: functions. Most tell about things that are not there, such as rules, triggers and
//! comments, and answer NULL, as PostgreSQL does for an object that does not exist.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{ScalarValue, exec_err};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::session::defaults;

/// A function that says the same whatever it is asked about.
const ALWAYS: &[(&str, Constant)] = &[
    ("version", Constant::Text(concat!("PostgreSQL 16.6 (Kayoi ", env!("CARGO_PKG_VERSION"), ")"))),
    ("has_column_privilege", Constant::True),
    ("has_function_privilege", Constant::True),
    ("inet_client_addr", Constant::NoText),
    ("inet_server_addr", Constant::NoText),
    ("getdatabaseencoding", Constant::Text("UTF8")),
    ("oidvectortypes", Constant::Text("")),
    ("pg_blocking_pids", Constant::NoNumbers),
    ("pg_char_to_encoding", Constant::Utf8),
    ("pg_collation_is_visible", Constant::True),
    ("pg_conversion_is_visible", Constant::True),
    ("pg_database_size", Constant::Zero),
    ("pg_function_is_visible", Constant::True),
    ("pg_describe_object", Constant::NoText),
    ("pg_get_function_sqlbody", Constant::NoText),
    ("pg_get_functiondef", Constant::NoText),
    ("pg_get_ruledef", Constant::NoText),
    ("pg_get_serial_sequence", Constant::NoText),
    ("pg_get_triggerdef", Constant::NoText),
    ("pg_has_role", Constant::True),
    ("pg_indexes_size", Constant::Zero),
    ("pg_is_in_recovery", Constant::True),
    ("pg_is_wal_replay_paused", Constant::False),
    ("pg_is_other_temp_schema", Constant::False),
    ("pg_my_temp_schema", Constant::NoObject),
    ("pg_get_statisticsobjdef", Constant::NoText),
    ("pg_opclass_is_visible", Constant::True),
    ("pg_operator_is_visible", Constant::True),
    ("pg_opfamily_is_visible", Constant::True),
    ("pg_statistics_obj_is_visible", Constant::True),
    ("pg_table_size", Constant::Zero),
    ("pg_tablespace_location", Constant::Text("")),
    ("pg_tablespace_size", Constant::Zero),
    ("pg_ts_config_is_visible", Constant::True),
    ("pg_ts_dict_is_visible", Constant::True),
    ("pg_ts_parser_is_visible", Constant::True),
    ("pg_ts_template_is_visible", Constant::True),
    ("pg_type_is_visible", Constant::True),
    ("rights_of", Constant::NoRights),
    ("shobj_description", Constant::NoText),
];

/// Names of all functions of this file, for the list of those that may be called.
pub(super) fn all() -> Vec<ScalarUDF> {
    let asks = |name, ask| ScalarUDF::from(Function { name, kind: Kind::Setting(ask), signature: any(name) });
    let mut all: Vec<ScalarUDF> = ALWAYS
        .iter()
        .map(|(name, constant)| {
            ScalarUDF::from(Function { name, kind: Kind::Always(*constant), signature: any(name) })
        })
        .collect();
    all.push(asks("current_setting", Ask::Value));
    all.push(asks("set_config", Ask::Set));
    all.push(ScalarUDF::from(Function {
        name: "pg_size_pretty",
        kind: Kind::Size,
        signature: Signature::any(1, Volatility::Stable),
    }));
    all
}

fn any(name: &str) -> Signature {
    if name == "version" {
        return Signature::nullary(Volatility::Stable);
    }
    let counts = (0..=4).map(|count| match count {
        0 => datafusion::logical_expr::TypeSignature::Nullary,
        count => datafusion::logical_expr::TypeSignature::Any(count),
    });
    Signature::one_of(counts.collect(), Volatility::Stable)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Constant {
    Text(&'static str),
    NoText,
    True,
    False,
    Zero,
    NoObject,
    /// A list that is not there.
    NoNumbers,
    /// A list without rights: nobody has given any.
    NoRights,
    /// The number of the only encoding.
    Utf8,
}

impl Constant {
    fn value(self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Utf8(Some(text.to_owned())),
            Self::NoText => ScalarValue::Utf8(None),
            Self::True => ScalarValue::Boolean(Some(true)),
            Self::False => ScalarValue::Boolean(Some(false)),
            Self::Zero => ScalarValue::Int64(Some(0)),
            Self::NoObject => ScalarValue::Int32(Some(0)),
            Self::NoNumbers => {
                let list = DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true)));
                ScalarValue::try_from(list).unwrap_or(ScalarValue::Null)
            }
            Self::NoRights => {
                let right = Fields::from(vec![
                    Field::new("grantor", DataType::Int32, true),
                    Field::new("grantee", DataType::Int32, true),
                    Field::new("privilege_type", DataType::Utf8, true),
                    Field::new("is_grantable", DataType::Boolean, true),
                ]);
                ScalarValue::List(ScalarValue::new_list_nullable(&[], &DataType::Struct(right)))
            }
            Self::Utf8 => ScalarValue::Int32(Some(6)),
        }
    }

    fn data_type(self) -> DataType {
        self.value().data_type()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ask {
    /// `current_setting(name [, missing_ok])`
    Value,
    /// `set_config(name, value, is_local)`
    Set,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Always(Constant),
    Setting(Ask),
    Size,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    name: &'static str,
    kind: Kind,
    signature: Signature,
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DataFusionResult<DataType> {
        Ok(match self.kind {
            Kind::Always(constant) => constant.data_type(),
            Kind::Setting(_) | Kind::Size => DataType::Utf8,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        match self.kind {
            Kind::Always(constant) => Ok(ColumnarValue::Scalar(constant.value())),
            Kind::Setting(ask) => {
                let zone = args.config_options.execution.time_zone.as_deref();
                each(&args, |values| setting(ask, values, zone))
            }
            Kind::Size => each(&args, |values| Ok(values.first().copied().flatten().map(pretty))),
        }
    }
}

/// Asks for each row with its arguments as texts.
fn each(
    args: &ScalarFunctionArgs,
    of_row: impl Fn(&[Option<&str>]) -> DataFusionResult<Option<String>>,
) -> DataFusionResult<ColumnarValue> {
    let is_scalar = args.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
    let rows = if is_scalar { 1 } else { args.number_rows };
    let mut columns: Vec<ArrayRef> = Vec::new();
    for value in &args.args {
        columns.push(cast(&value.to_array(rows)?, &DataType::Utf8)?);
    }
    let mut answers = Vec::with_capacity(rows);
    for row in 0..rows {
        let value =
            |column: &ArrayRef| column.is_valid(row).then(|| column.as_string::<i32>().value(row).to_owned());
        let values: Vec<Option<String>> = columns.iter().map(value).collect();
        let values: Vec<Option<&str>> = values.iter().map(Option::as_deref).collect();
        answers.push(of_row(&values)?);
    }
    if is_scalar {
        return Ok(ColumnarValue::Scalar(ScalarValue::Utf8(answers.pop().flatten())));
    }
    Ok(ColumnarValue::Array(Arc::new(StringArray::from(answers))))
}

/// `zone` is the one that this connection has set; the other settings are told as they begin.
fn setting(ask: Ask, values: &[Option<&str>], zone: Option<&str>) -> DataFusionResult<Option<String>> {
    let Some(Some(name)) = values.first() else { return Ok(None) };
    let value = match zone {
        Some(zone) if name.eq_ignore_ascii_case("timezone") => Some(zone),
        _ => defaults().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value),
    };
    let second = values.get(1).copied().flatten();
    match (ask, value) {
        (Ask::Value, Some(value)) => Ok(Some(value.to_owned())),
        (Ask::Value, None) if second == Some("true") => Ok(None),
        (Ask::Value, None) => {
            exec_err!("unrecognized configuration parameter `{name}`\nhint: `SHOW ALL` lists them")
        }
        (Ask::Set, Some(value)) if second.is_some_and(|wanted| wanted.eq_ignore_ascii_case(value)) => {
            Ok(Some(value.to_owned()))
        }
        (Ask::Set, _) => {
            exec_err!("set_config cannot change `{name}`: a query changes nothing here\nhint: use SET")
        }
    }
}

/// A number of bytes as PostgreSQL writes it.
fn pretty(bytes: &str) -> String {
    let Ok(mut size) = bytes.parse::<i64>() else { return format!("{bytes} bytes") };
    let mut unit = "bytes";
    for larger in ["kB", "MB", "GB", "TB"] {
        if size.abs() < 10_240 {
            break;
        }
        size = (size + 512) / 1024;
        unit = larger;
    }
    format!("{size} {unit}")
}
