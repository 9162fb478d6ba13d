//! How deep and how large a query is, before anything recurses on it or multiplies it.
//!
//! In: SQL text, then the parsed statement. Out: a refusal above the limits. Two things bring a planner down
//! that no timeout interrupts: chains, which nest once per sign, and common table expressions, which the
//! planner puts in wherever they are used, so that thirty of them, each used twice by the next, are a
//! thousand million scans.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{ObjectName, Query, Statement, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::error::QueryError;

/// Most bytes of a query.
pub(super) const TEXT_BYTES: usize = 1 << 20;
/// Most signs and keywords. Each can nest the query by one; the stacks of [`crate::engine::Threads`] hold
/// this many.
const SIGNS: usize = 1_000;
/// Most scans of a plan, a common table expression counted as often as it is used.
pub(super) const SCANS: u64 = 1_000;

/// Refuses a text that could nest too deep, before a parser recurses on it. Values, names, commas and the arms
/// of a CASE do not nest, so that long lists pass.
///
/// # Errors
/// [`QueryError::TooComplex`].
pub(super) fn measure(sql: &str) -> Result<(), QueryError> {
    if sql.len() > TEXT_BYTES {
        return Err(QueryError::TooComplex { limit: TEXT_BYTES, what: "bytes" });
    }
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize();
    // A text that is not SQL is left to the parser to explain.
    let signs = tokens.iter().flatten().filter(|token| nests(token)).count();
    if signs > SIGNS {
        Err(QueryError::TooComplex { limit: SIGNS, what: "signs and keywords" })
    } else {
        Ok(())
    }
}

fn nests(token: &Token) -> bool {
    match token {
        Token::Word(word) => !matches!(word.keyword, Keyword::NoKeyword | Keyword::WHEN | Keyword::THEN),
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::NationalStringLiteral(_)
        | Token::EscapedStringLiteral(_)
        | Token::DollarQuotedString(_)
        | Token::Placeholder(_)
        | Token::Whitespace(_)
        | Token::Comma
        | Token::Period
        | Token::LParen
        | Token::RParen
        | Token::SemiColon
        | Token::EOF => false,
        _ => true,
    }
}

/// Refuses a statement whose plan would scan too often.
///
/// # Errors
/// [`QueryError::TooComplex`].
pub(super) fn weigh(statement: &Statement) -> Result<(), QueryError> {
    let mut scale = Scale { scopes: vec![Scope::default()], expressions: HashMap::new() };
    match statement.visit(&mut scale) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(QueryError::TooComplex { limit: SCANS as usize, what: "scans" }),
    }
}

/// Adds up scans while walking a statement.
struct Scale {
    scopes: Vec<Scope>,
    /// Names of common table expressions by the address of their query, which the walk shows without a name.
    expressions: HashMap<*const Query, String>,
}

/// One query: its scans so far, and those of its common table expressions.
#[derive(Default)]
struct Scope {
    scans: u64,
    named: HashMap<String, u64>,
}

impl Scale {
    fn add(&mut self, scans: u64) -> ControlFlow<()> {
        let Some(scope) = self.scopes.last_mut() else {
            return ControlFlow::Continue(());
        };
        scope.scans = scope.scans.saturating_add(scans);
        if scope.scans > SCANS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Visitor for Scale {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for expression in query.with.iter().flat_map(|with| &with.cte_tables) {
            let name = expression.alias.name.value.to_lowercase();
            self.expressions.insert(std::ptr::from_ref(&*expression.query), name);
        }
        self.scopes.push(Scope::default());
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let scans = self.scopes.pop().map_or(0, |scope| scope.scans);
        match (self.expressions.remove(&std::ptr::from_ref(query)), self.scopes.last_mut()) {
            (Some(name), Some(outer)) => {
                outer.named.insert(name, scans.max(1));
                ControlFlow::Continue(())
            }
            _ => self.add(scans),
        }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let name = relation.to_string().to_lowercase();
        let scans =
            self.scopes.iter().rev().find_map(|scope| scope.named.get(name.trim_matches('"'))).copied();
        self.add(scans.unwrap_or(1))
    }
}
