//! Lists as PostgreSQL writes them in a text, as `{a,"b c",NULL}`.
//!
//! In: a text. Out: its elements. Clients send lists so where they have no other way, and write them so in SQL.

/// The elements of a list of one dimension; `None` when the text is no such list.
pub(crate) fn elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut signs = inner.chars().peekable();
    while signs.peek().is_some() {
        let mut element = String::new();
        let mut is_quoted = false;
        while let Some(sign) = signs.next() {
            match sign {
                '"' if element.trim().is_empty() => {
                    is_quoted = true;
                    element.clear();
                    loop {
                        match signs.next()? {
                            '"' => break,
                            '\\' => element.push(signs.next()?),
                            other => element.push(other),
                        }
                    }
                }
                ',' => break,
                '{' | '}' => return None,
                other if is_quoted && !other.is_whitespace() => return None,
                _ if is_quoted => {}
                other => element.push(other),
            }
        }
        let plain = element.trim();
        elements.push(match is_quoted {
            true => Some(element),
            false if plain.eq_ignore_ascii_case("null") => None,
            false if plain.is_empty() => return None,
            false => Some(plain.to_owned()),
        });
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_out_as_they_went_in() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(elements("{}"), Some(vec![]));
        assert_eq!(
            elements(r#"{a, "b, \"c\"" ,NULL,"NULL"}"#),
            Some(vec![some("a"), some("b, \"c\""), None, some("NULL")])
        );
        assert_eq!(elements("{1,2}"), Some(vec![some("1"), some("2")]));
        for wrong in ["a", "{a", "{a,,b}", "{{1}}", r#"{"a}"#, r#"{"a"b}"#] {
            assert_eq!(elements(wrong), None, "{wrong}");
        }
    }
}
