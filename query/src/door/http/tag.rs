//! The tag of an answer, and whether a client has it already.
//!
//! In: what an answer depends on: the release, the form, the question with its values, who asks, this version
//! of Kayoi. Out: an `ETag`. A release never changes, so that equal tags mean equal answers without running
//! anything; a question whose answer depends on more, as on the hour, has none.

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;
use kayoi_lake::Manifest;

use super::coding::Coding;
use crate::ask::Asker;
use crate::notice::Notice;
use crate::recent::changes_by_itself;
use crate::render::Rendering;

/// Bytes of the hash that stand in the tag.
const BYTES: usize = 16;

/// What an answer depends on.
pub(super) struct Origin<'a> {
    pub(super) release: Option<&'a Manifest>,
    pub(super) notice: &'a Notice,
    pub(super) form: Rendering,
    pub(super) asker: &'a Asker,
    /// The question.
    pub(super) text: &'a str,
    /// All else that stands in the answer.
    pub(super) beside: &'a str,
}

/// The tag without its quotes; `None` for a question that is asked anew each time.
pub(super) fn tag(origin: &Origin<'_>) -> Option<String> {
    if changes_by_itself(origin.text) {
        return None;
    }
    let release = origin.release?;
    let (revision, hash) = (release.revision, release.definition_hash.as_str());
    Some(format!(
        "{revision}-{}",
        hashed(&[
            env!("CARGO_PKG_VERSION"),
            hash,
            &origin.notice.boundaries,
            origin.form.name(),
            &format!("{:?}", origin.asker),
            origin.text,
            origin.beside,
        ])
    ))
}

/// A hash of texts, in hexadecimal digits.
pub(super) fn hashed<P: AsRef<[u8]>>(parts: &[P]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        let part = part.as_ref();
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().as_bytes()[..BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value of the header. An answer that is compressed has other bytes, and so another tag.
pub(super) fn header(tag: &str, coding: Coding) -> String {
    match coding {
        Coding::Identity => format!("\"{tag}\""),
        coding => format!("\"{tag}-{}\"", coding.name()),
    }
}

/// In which compression the client has the answer, which is then named to it again; `None` when it has none. Of `*`, which is any,
/// it is the one that it would get.
pub(super) fn known(tag: &str, headers: &HeaderMap, wanted: Coding) -> Option<Coding> {
    let said = headers.get_all(IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|said| said.split(',')).find_map(|one| {
        let one = one.trim();
        let one = one.strip_prefix("W/").unwrap_or(one).trim_matches('"');
        if one == "*" {
            return Some(wanted);
        }
        let rest = one.strip_prefix(tag)?;
        let coding = |coding: &Coding| rest.strip_prefix('-') == Some(coding.name());
        if rest.is_empty() {
            return Some(Coding::Identity);
        }
        [Coding::Gzip, Coding::Zstd].into_iter().find(coding)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use datafusion::logical_expr::Volatility;

    use super::*;
    use crate::engine::Limits;
    use crate::fixture::engine;

    fn of(text: &str, revision: u64, form: Rendering) -> Option<String> {
        let notice = Notice {
            credit: String::new(),
            boundaries: "N03 2025-01-01".to_owned(),
            boundaries_are_simplified: false,
            release: None,
        };
        let release = Manifest { revision, ..Manifest::default() };
        let asker = Asker::Anonymous;
        tag(&Origin { release: Some(&release), notice: &notice, form, asker: &asker, text, beside: "" })
    }

    #[test]
    fn a_tag_is_of_one_release_one_form_and_one_question() {
        let sql = "SELECT persons FROM connected_monthly WHERE municipality = '知野市'";
        let tag = of(sql, 3, Rendering::Json).unwrap();
        assert_eq!(of(sql, 3, Rendering::Json).unwrap(), tag);
        assert_ne!(of(sql, 4, Rendering::Json).unwrap(), tag);
        assert_ne!(of(sql, 3, Rendering::Csv).unwrap(), tag);
        assert_ne!(of(&format!("{sql} "), 3, Rendering::Json).unwrap(), tag);
    }

    #[test]
    fn every_function_whose_value_changes_by_itself_is_known_by_its_name() {
        let state = engine(Limits::default()).session().state();
        let mut changing = 0;
        for function in state.scalar_functions().values() {
            if function.signature().volatility != Volatility::Immutable {
                changing += 1;
                let names = function.aliases().iter().map(String::as_str).chain([function.name()]);
                for name in names.filter(|name| *name != "version") {
                    assert_eq!(of(&format!("SELECT {name}()"), 1, Rendering::Json), None, "{name}");
                }
            }
        }
        assert!(changing > 0);
        for text in ["SELECT 'NOW'::timestamp", "/* */ SHOW ALL", "select\tcurrent_date", "EXPLAIN SELECT 1"]
        {
            assert_eq!(of(text, 1, Rendering::Json), None, "{text}");
        }
        assert!(of("SELECT unknown, nowhere FROM t", 1, Rendering::Json).is_some());
    }

    #[test]
    fn a_client_has_an_answer_by_its_tag_in_whichever_compression() {
        let known = |said: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(said));
            super::known("3-ab", &headers, Coding::Zstd)
        };
        for (said, coding) in [
            ("\"3-ab\"", Coding::Identity),
            ("W/\"3-ab\"", Coding::Identity),
            ("\"x\", \"3-ab-gzip\"", Coding::Gzip),
            ("\"3-ab-zstd\"", Coding::Zstd),
            ("*", Coding::Zstd),
        ] {
            assert_eq!(known(said), Some(coding), "{said}");
        }
        for said in ["\"3-a\"", "\"3-abc\"", "\"\"", "3", "\"3-ab-br\""] {
            assert_eq!(known(said), None, "{said}");
        }
        assert_eq!(header("3-ab", Coding::Gzip), "\"3-ab-gzip\"");
    }
}
