//! `/openapi.json`: every route, for people who read it and programs that are made from it.
//!
//! In: `openapi.json` beside this file, written by hand. Out: the same with this version. A test holds it to
//! [`super::routes`], in both directions, and to the forms that answers have.

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

use super::problem::Problem;
use super::reply;

const TEXT: &str = include_str!("openapi.json");

pub(super) async fn document(headers: HeaderMap) -> Response {
    let told = match read() {
        Ok(value) => reply::document(&headers, &value, None).await,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "openapi.json");
            Err(Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "the description cannot be read"))
        }
    };
    told.unwrap_or_else(|problem| problem.response(&headers))
}

fn read() -> Result<Value, serde_json::Error> {
    let mut value: Value = serde_json::from_str(TEXT)?;
    value["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::routes;
    use super::*;
    use crate::render::Rendering;

    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let described = read().unwrap();
        let described: BTreeSet<&str> =
            described["paths"].as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>();
        let routes: BTreeSet<&str> = routes().into_iter().map(|(path, _)| path).collect();
        assert_eq!(described, routes);
    }

    #[test]
    fn every_form_of_an_answer_is_described() {
        let described = read().unwrap();
        let formats: Vec<&str> = (described["components"]["parameters"]["format"]["schema"]["enum"]
            .as_array())
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
        assert_eq!(formats, Rendering::ALL.map(Rendering::name));
        let content = described["components"]["responses"]["Rows"]["content"].as_object().unwrap();
        for form in Rendering::ALL {
            assert!(content.contains_key(super::super::problem::bare(form.media_type())), "{form:?}");
        }
    }

    #[test]
    fn what_the_description_refers_to_is_in_it() {
        let described = read().unwrap();
        let text = described.to_string();
        let references: BTreeSet<&str> =
            text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(references.len() > 5);
        for reference in references {
            assert!(described.pointer(reference).is_some(), "{reference}");
        }
    }
}
