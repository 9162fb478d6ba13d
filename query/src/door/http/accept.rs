//! Which form and which compression a client takes.
//!
//! In: `format=`, or the header `Accept` of RFC 9110 with its weights; `Accept-Encoding` alike. Out: a
//! [`Rendering`], a [`Coding`], or nothing that fits. The more exact range decides (`text/csv` over `text/*`),
//! then the weight, then our own order, whose first is JSON.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, AsHeaderName};

use super::coding::Coding;
use super::problem::{Problem, bare};
use crate::render::Rendering;

/// The form of an answer: the one that is named, else the best that is accepted.
///
/// # Errors
/// 400 for a name that nobody knows, 406 when nothing is accepted.
pub(super) fn form(named: Option<&str>, headers: &HeaderMap) -> Result<Rendering, Problem> {
    if let Some(named) = named {
        return Ok(named.parse::<Rendering>()?);
    }
    let ranges = ranges(headers, ACCEPT);
    if ranges.is_empty() {
        return Ok(Rendering::Json);
    }
    // CSV for Excel is CSV by its media type, as sheets with Japanese heads are sheets; they have to be named.
    let is_named =
        |form: &Rendering| matches!(form, Rendering::CsvExcel | Rendering::CsvExcelJa | Rendering::XlsxJa);
    let offered = Rendering::ALL.into_iter().filter(|form| !is_named(form));
    best(offered, |form| weight_of(&ranges, bare(form.media_type()))).ok_or_else(Problem::not_acceptable)
}

/// Whether a client names a compression that it takes.
pub(super) fn takes(headers: &HeaderMap, coding: &str) -> bool {
    ranges(headers, ACCEPT_ENCODING).iter().any(|range| range.name == coding && range.weight > 0)
}

/// The compression that is accepted; none where nothing is said.
pub(super) fn coding(headers: &HeaderMap) -> Coding {
    let ranges = ranges(headers, ACCEPT_ENCODING);
    let weight = |name: &str| {
        let exact = ranges.iter().find(|range| range.name == name);
        exact.or_else(|| ranges.iter().find(|range| range.name == "*")).map_or(0, |range| range.weight)
    };
    best([Coding::Zstd, Coding::Gzip], |coding| weight(coding.name())).unwrap_or(Coding::Identity)
}

/// The first of those with the greatest weight above zero.
fn best<T: Copy>(offered: impl IntoIterator<Item = T>, weight: impl Fn(T) -> u16) -> Option<T> {
    let mut best = None;
    for one in offered {
        let weight = weight(one);
        if weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((one, weight));
        }
    }
    best.map(|(one, _)| one)
}

/// What a client accepts, and how much, in thousandths.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    name: String,
    weight: u16,
}

fn ranges(headers: &HeaderMap, name: impl AsHeaderName) -> Vec<Range> {
    let texts = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).filter_map(range).collect()
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let said = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    // A weight that cannot be read is as good as none.
    let weight = said.and_then(|said| said.trim().parse::<f64>().ok()).unwrap_or(1.0);
    Some(Range { name, weight: (weight.clamp(0.0, 1.0) * 1_000.0) as u16 })
}

/// The weight of a media type by the most exact range that has it.
fn weight_of(ranges: &[Range], media_type: &str) -> u16 {
    let group = media_type.split('/').next().unwrap_or_default();
    let of = |name: &str| ranges.iter().filter(|range| range.name == name).map(|range| range.weight).max();
    of(media_type).or_else(|| of(&format!("{group}/*"))).or_else(|| of("*/*")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(header: &'static str) -> Option<Rendering> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(header));
        form(None, &headers).ok()
    }

    #[test]
    fn the_exact_range_decides_then_the_weight_then_our_order() {
        for (header, form) in [
            ("*/*", Rendering::Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Rendering::Json),
            ("text/csv", Rendering::Csv),
            ("text/*", Rendering::Csv),
            ("text/plain, text/csv;q=0.5", Rendering::Table),
            ("application/json;q=0.2, Application/VND.apache.arrow.stream", Rendering::Arrow),
            ("application/json;q=0, */*", Rendering::Ndjson),
            ("text/csv; header=present; q=0.9, application/vnd.apache.parquet; q=0.91", Rendering::Parquet),
        ] {
            assert_eq!(accepted(header), Some(form), "{header}");
        }
        for header in ["image/png", "text/html", "*/*;q=0", "application/json;q=0"] {
            assert_eq!(accepted(header), None, "{header}");
        }
        assert_eq!(form(None, &HeaderMap::new()).ok(), Some(Rendering::Json));
        assert_eq!(form(Some("xlsx"), &HeaderMap::new()).ok(), Some(Rendering::Xlsx));
    }

    #[test]
    fn zstd_is_taken_before_gzip_and_neither_unasked() {
        for (header, expected) in [
            ("gzip", Coding::Gzip),
            ("deflate, gzip, br, zstd", Coding::Zstd),
            ("zstd;q=0.1, gzip;q=0.5", Coding::Gzip),
            ("*", Coding::Zstd),
            ("zstd;q=0, *", Coding::Gzip),
            ("br", Coding::Identity),
            ("identity", Coding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(header));
            assert_eq!(coding(&headers), expected, "{header}");
        }
        assert_eq!(coding(&HeaderMap::new()), Coding::Identity);
    }
}
