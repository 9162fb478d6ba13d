//! Names of columns that an operator gives, for a layout that is not known.
//!
//! In: `code=団体コード,people=人口,sex=性別,age=年齢`. Out: [`ColumnNames`], in one spelling, or what is wrong
//! with the text. Also conditions on rows, `国籍=総数`, for a table that counts more than one kind of people.

use super::words::plain;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Code,
    Prefecture,
    Name,
    /// 地域識別コード: 9 is a municipality of another year.
    Kind,
    Sex,
    Age,
    /// 国籍: only the rows of all nationalities are people.
    Nationality,
    /// 表章項目: only the rows of people are.
    Item,
    /// 時間軸: only the rows of the year are.
    Time,
}

/// Keys that may be named.
const KEYS: [(&str, Option<Role>); 6] = [
    ("code", Some(Role::Code)),
    ("prefecture", Some(Role::Prefecture)),
    ("municipality", Some(Role::Name)),
    ("sex", Some(Role::Sex)),
    ("age", Some(Role::Age)),
    ("people", None),
];

/// Which column holds what.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnNames {
    /// The column of people, plain.
    pub(super) people: String,
    /// The others, plain.
    roles: Vec<(Role, String)>,
}

/// Why names of columns, or a condition, are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// Not `key=name`.
    #[error(
        "`{text}` is no name of a column; expected KEY=NAME with one of the keys code, prefecture, municipality, \
         people, sex and age, each once\n\
         hint: as in --columns code=団体コード,people=人口,sex=性別,age=年齢"
    )]
    Pair {
        /// The part that is none.
        text: String,
    },
    /// Something that every table has is not named.
    #[error(
        "the names of columns `{text}` lack {lacks}\n\
         hint: as in --columns code=団体コード,people=人口, or --columns prefecture=県,municipality=市町村,people=人口"
    )]
    Lacks {
        /// What was given.
        text: String,
        /// What is not there.
        lacks: &'static str,
    },
    /// Not `name=value`.
    #[error("`{text}` is no condition on rows; expected NAME=VALUE\nhint: as in --where 国籍=総数")]
    Condition {
        /// What was given.
        text: String,
    },
}

impl ColumnNames {
    /// Reads `code=団体コード,people=人口`.
    ///
    /// # Errors
    /// [`ColumnsError`] when a part is not `key=name`, or people or a place are not named.
    pub fn parse(text: &str) -> Result<Self, ColumnsError> {
        let wrong = |part: &str| ColumnsError::Pair { text: part.to_owned() };
        let (mut people, mut roles) = (None, Vec::new());
        for part in text.split(',') {
            let (key, name) = part.split_once('=').ok_or_else(|| wrong(part))?;
            let (_, role) = KEYS.iter().find(|(known, _)| *known == key.trim()).ok_or_else(|| wrong(part))?;
            let name = plain(name);
            let is_twice = match role {
                Some(role) => roles.iter().any(|(other, _)| other == role),
                None => people.is_some(),
            };
            if name.is_empty() || is_twice {
                return Err(wrong(part));
            }
            match role {
                Some(role) => roles.push((*role, name)),
                None => people = Some(name),
            }
        }
        let lacks = |lacks| ColumnsError::Lacks { text: text.to_owned(), lacks };
        let people = people.ok_or_else(|| lacks("people"))?;
        if !roles.iter().any(|(role, _)| matches!(role, Role::Code | Role::Name)) {
            return Err(lacks("code, or prefecture and municipality"));
        }
        Ok(Self { people, roles })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        [self.people.as_str()].into_iter().chain(self.roles.iter().map(|(_, name)| name.as_str()))
    }

    pub(super) fn role(&self, column: &str) -> Option<Role> {
        self.roles.iter().find(|(_, name)| name == column).map(|(role, _)| *role)
    }
}

/// Takes only the rows with a value in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column, plain.
    pub(super) column: String,
    /// The value, plain.
    pub(super) value: String,
}

impl Condition {
    /// Reads `国籍=総数`.
    ///
    /// # Errors
    /// [`ColumnsError::Condition`] when it is not `name=value`.
    pub fn parse(text: &str) -> Result<Self, ColumnsError> {
        let pair = text.split_once('=').map(|(column, value)| (plain(column), plain(value)));
        let pair = pair.filter(|(column, value)| !column.is_empty() && !value.is_empty());
        let (column, value) = pair.ok_or_else(|| ColumnsError::Condition { text: text.to_owned() })?;
        Ok(Self { column, value })
    }
}
