//! Parameters that are written as `?`.
//!
//! In: a text of a driver that follows JDBC or ADBC. Out: its statements with `$1`, `$2` … in their places. PostgreSQL
//! has `?` as an operator of JSON, which nothing here has; its own drivers put numbers in before they send.

use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use crate::gate::Parse;

/// SQL in the dialect of Postgres, with parameters as `?` or `$1`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuestionMarks;

impl Parse for QuestionMarks {
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        let dialect = PostgreSqlDialect {};
        let tokens = Tokenizer::new(&dialect, text).tokenize_with_location()?;
        let has_numbers = tokens.iter().any(|token| matches!(token.token, Token::Placeholder(_)));
        let mut numbered = Vec::with_capacity(tokens.len());
        let mut count = 0;
        for TokenWithSpan { token, span } in tokens {
            // `?-1` is an operator of its own in PostgreSQL.
            let rest = match token {
                Token::Question => None,
                Token::QuestionMarkDash => Some(Token::Minus),
                token => {
                    numbered.push(TokenWithSpan { token, span });
                    continue;
                }
            };
            if has_numbers {
                let message = "parameters are written as ? or as $1, not as both";
                return Err(ParserError::ParserError(message.to_owned()));
            }
            count += 1;
            numbered.push(TokenWithSpan { token: Token::Placeholder(format!("${count}")), span });
            numbered.extend(rest.map(|token| TokenWithSpan { token, span }));
        }
        Parser::new(&dialect).with_tokens_with_locations(numbered).parse_statements()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        let statements = QuestionMarks.parse(text).unwrap();
        statements.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn marks_become_numbers_in_their_order_and_texts_keep_theirs() {
        assert_eq!(
            parsed("SELECT '?', \"?\", ?-1 FROM t WHERE a > ? AND b IN (?, ?) -- ?"),
            "SELECT '?', \"?\", $1 - 1 FROM t WHERE a > $2 AND b IN ($3, $4)"
        );
        assert_eq!(parsed("SELECT $2, $1"), "SELECT $2, $1");
        assert_eq!(parsed("SELECT 1; SELECT ?"), "SELECT 1; SELECT $1");
    }

    #[test]
    fn both_ways_in_one_text_are_refused() {
        assert!(QuestionMarks.parse("SELECT ?, $1").unwrap_err().to_string().contains("not as both"));
    }
}
