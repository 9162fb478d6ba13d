//! The reference system that a file states, if it states one.
//!
//! In: the member `crs` of GeoJSON as of 2008 (<https://geojson.org/geojson-spec.html>) in the forms that are about
//! (name, URN, address, code, bare text), or a .prj (WKT of OGC or ESRI, first or second version). Out: nothing
//! when it is longitude and latitude in WGS 84, JGD2000 or JGD2011, which agree to within the accuracy of a fix,
//! but for land that an earthquake has moved; else its name, for an error.
//!
//! 旧日本測地系 (the Tokyo datum, EPSG:4301) looks the same and lies some 450 m beside them, so that what is stated is
//! believed, and what is stated and not understood is refused. What states nothing is taken as degrees.

use serde_json::Value;

/// Reference systems of longitude and latitude in degrees: authority and code. The last four have a height too.
const DEGREES: [(&str, &str); 10] = [
    ("OGC", "CRS84"),
    ("CRS", "84"),
    ("EPSG", "4326"),
    ("EPSG", "6668"),
    ("EPSG", "4612"),
    ("OGC", "CRS84h"),
    ("EPSG", "4979"),
    ("EPSG", "6667"),
    ("EPSG", "4947"),
    ("EPSG", "6697"),
];
/// Their names and those of their datums, in small letters and digits alone.
const NAMES: [&str; 6] =
    ["wgs84", "wgs1984", "worldgeodeticsystem1984", "jgd2000", "jgd2011", "japanesegeodeticdatum20"];
/// How a WKT of longitude and latitude begins.
const GEOGRAPHIC: [&str; 5] = ["GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS"];
/// What may stand around one: a height beside it, or a way to another one.
const AROUND: [&str; 4] = ["COMPD_CS", "COMPOUNDCRS", "BOUNDCRS", "SOURCECRS"];
/// Letters of a name that an error tells.
const LETTERS_TOLD: usize = 80;

/// Whether an authority's code means longitude and latitude in degrees.
pub(super) fn is_degrees(authority: &str, code: &str) -> bool {
    DEGREES.iter().any(|known| known.0.eq_ignore_ascii_case(authority) && known.1.eq_ignore_ascii_case(code))
}

/// The name of what the member `crs` states, if that is something else; `null` states nothing.
pub(super) fn other_than_degrees(crs: &Value) -> Option<String> {
    if crs.is_null() {
        return None;
    }
    let properties = &crs["properties"];
    let texts = [crs, &properties["name"], &properties["href"], &crs["name"]];
    let text = texts.into_iter().find_map(Value::as_str).map(str::to_owned).or_else(|| {
        // As in `{"type": "EPSG", "properties": {"code": 4301}}`.
        let code = &properties["code"];
        let code = code.as_str().map(str::to_owned).or_else(|| code.as_u64().map(|code| code.to_string()))?;
        Some(format!("{}:{code}", crs["type"].as_str().unwrap_or("EPSG")))
    });
    match text {
        Some(text) if text_means_degrees(&text) => None,
        Some(text) => Some(told(&text)),
        None => Some("a reference system without a name".to_owned()),
    }
}

/// The name of what a .prj states, if that is something else; one without words states nothing.
pub(super) fn other_than_degrees_in_prj(prj: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(prj);
    let wkt =
        text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}' || letter == '\0');
    if wkt.is_empty() || text_means_degrees(wkt) || wkt_means_degrees(wkt) {
        return None;
    }
    Some(told(quoted(wkt).unwrap_or(wkt)))
}

fn told(name: &str) -> String {
    let cut: String = name.chars().filter(|letter| !letter.is_control()).take(LETTERS_TOLD).collect();
    format!("`{cut}`")
}

/// `EPSG:4326`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `http://www.opengis.net/def/crs/EPSG/0/4326`,
/// `https://spatialreference.org/ref/epsg/4326/proj4/`, or a name such as `JGD2011`.
fn text_means_degrees(text: &str) -> bool {
    let words: Vec<&str> = text.split([':', '/', '#', '?', '=']).filter(|word| !word.is_empty()).collect();
    let is_authority = |word: &&str| ["EPSG", "OGC"].iter().any(|one| one.eq_ignore_ascii_case(word));
    match (words.iter().rposition(is_authority), words.as_slice()) {
        // Between an authority and its code may stand a version.
        (Some(at), _) => words[at + 1..].iter().any(|code| is_degrees(words[at], code)),
        (None, [authority, code]) if authority.eq_ignore_ascii_case("CRS") => is_degrees(authority, code),
        _ => is_name(text),
    }
}

/// Whether a name is that of a reference system, or of its datum, and says nothing of a projection.
fn is_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let plain = plain.strip_prefix("gcs").or(plain.strip_prefix("d")).unwrap_or(&plain);
    let rest = NAMES.iter().find_map(|known| plain.strip_prefix(known));
    // `JGD2000 / (B, L)` of older downloads, `WGS 84 (CRS84)`, `JGD2011 (geographic 3D)`, the last digits of a datum.
    rest.is_some_and(|rest| ["", "bl", "crs84", "11", "00", "ensemble", "geographic3d"].contains(&rest))
}

/// Whether a WKT is of longitude and latitude in degrees from Greenwich, on a datum of those.
fn wkt_means_degrees(wkt: &str) -> bool {
    let Some((word, rest)) = wkt.split_once(['[', '(']) else { return false };
    let word = word.trim().to_ascii_uppercase();
    if AROUND.contains(&word.as_str()) {
        let inner = [
            "SOURCECRS",
            "GEOGCS",
            "GEOGCRS",
            "GEODCRS",
            "GEODETICCRS",
            "GEOGRAPHICCRS",
            "PROJCS",
            "PROJCRS",
        ];
        let upper = rest.to_ascii_uppercase();
        let first = inner.iter().filter_map(|word| upper.find(&format!("{word}["))).min();
        return first.and_then(|at| rest.get(at..)).is_some_and(wkt_means_degrees);
    }
    if !GEOGRAPHIC.contains(&word.as_str()) {
        return false;
    }
    let upper = rest.to_ascii_uppercase();
    let datum = ["DATUM[", "ENSEMBLE[", "DATUM("].iter().filter_map(|word| upper.find(word)).min();
    let datum = datum.and_then(|at| rest.get(at..)).and_then(quoted);
    // Where a datum has a name, that decides: tools give reference systems names of their own.
    let named = datum.map_or_else(|| quoted(rest).is_some_and(is_name), is_name);
    let is_in_gradians = upper.contains("\"GRAD\"") || upper.contains("\"RADIAN\"");
    // Heights that stand beside it have a unit of their own.
    let upper = upper.split("VERT").next().unwrap_or_default();
    let is_from_greenwich = numbers(upper, "PRIMEM[").all(|(_, degrees)| degrees == 0.0);
    // Lengths and scales have units too, which say so.
    let of_angles = |at: usize| !["LENGTH", "SCALE"].iter().any(|other| upper[..at].ends_with(other));
    let mut angles = numbers(upper, "UNIT[").filter(|(at, _)| of_angles(*at));
    named
        && !is_in_gradians
        && is_from_greenwich
        && angles.all(|(_, radians)| (radians - DEGREE).abs() < 1e-6)
}

/// A degree in radians, as a WKT states its unit.
const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// The numbers that stand second behind a word, after a name, as in `PRIMEM["Greenwich",0]`; where, and which.
fn numbers<'w>(upper: &'w str, word: &'w str) -> impl Iterator<Item = (usize, f64)> + 'w {
    upper.match_indices(word).filter_map(move |(at, _)| {
        let (_, behind) = upper[at + word.len()..].split_once("\",")?;
        Some((at, behind.split([',', ']', '[']).next()?.trim().parse().ok()?))
    })
}

/// The first text in quotation marks.
fn quoted(wkt: &str) -> Option<&str> {
    wkt.split('"').nth(1)
}

#[cfg(test)]
#[path = "crs_tests.rs"]
mod tests;
