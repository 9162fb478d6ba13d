use serde_json::json;

use super::*;

#[test]
fn every_form_of_a_name_says_which_system_it_is() {
    let forms = |code: &str| {
        vec![
            json!(format!("EPSG:{code}")),
            json!({"type": "name", "properties": {"name": format!("EPSG:{code}")}}),
            json!({"type": "name", "properties": {"name": format!("epsg:{code}")}}),
            json!({"type": "name", "properties": {"name": format!("urn:ogc:def:crs:EPSG::{code}")}}),
            json!({"type": "name", "properties": {"name": format!("urn:ogc:def:crs:EPSG:9.6:{code}")}}),
            json!({"type": "name", "properties": {"name": format!("urn:x-ogc:def:crs:EPSG:{code}")}}),
            json!({"type": "name", "properties": {"name": format!("http://www.opengis.net/def/crs/EPSG/0/{code}")}}),
            json!({"type": "name", "properties": {"name": format!("http://www.opengis.net/gml/srs/epsg.xml#{code}")}}),
            json!({"type": "link", "properties": {"href": format!("https://spatialreference.org/ref/epsg/{code}/proj4/"), "type": "proj4"}}),
            json!({"type": "EPSG", "properties": {"code": code.parse::<u64>().unwrap()}}),
            json!({"type": "EPSG", "properties": {"code": code}}),
        ]
    };
    for taken in ["4326", "4612", "6668", "4979"].into_iter().flat_map(forms) {
        // A part of a document is no authority: `epsg.xml#4326` is not understood, and is refused.
        let is_document = taken.to_string().contains("epsg.xml");
        assert_eq!(other_than_degrees(&taken).is_some(), is_document, "{taken}");
    }
    for (code, refused) in ["4301", "3857", "2451", "6677", "32654", "43260"]
        .into_iter()
        .flat_map(|code| forms(code).into_iter().map(move |form| (code, form)))
    {
        assert!(other_than_degrees(&refused).is_some_and(|name| name.contains(code)), "{refused}");
    }
}

#[test]
fn other_names_are_taken_where_they_are_known() {
    let name = |name: &str| json!({"type": "name", "properties": {"name": name}});
    for taken in [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "OGC:CRS84",
        "CRS:84",
        "WGS84",
        "WGS 84",
        "JGD2011",
        "JGD2000",
        "GCS_JGD_2011",
    ] {
        assert_eq!(other_than_degrees(&name(taken)), None, "{taken}");
    }
    for refused in [
        "Tokyo",
        "WGS 84 / UTM zone 54N",
        "WGS 84 / Pseudo-Mercator",
        "JGD2011 / Japan Plane Rectangular CS IX",
        "urn:ogc:def:crs:OGC:1.3:CRS27",
        "",
        "ESRI:102100",
    ] {
        assert!(other_than_degrees(&name(refused)).is_some(), "{refused}");
    }
    assert_eq!(other_than_degrees(&Value::Null), None);
    for without_name in [json!({}), json!({"type": "link", "properties": {}}), json!(7)] {
        assert_eq!(other_than_degrees(&without_name).as_deref(), Some("a reference system without a name"));
    }
    assert!(other_than_degrees(&json!({"type": "link", "properties": {"href": "areas.prj"}})).is_some());
}

#[test]
fn a_prj_of_degrees_is_taken_from_any_writer() {
    for taken in [
        "",
        "\u{feff}\n",
        r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
        r#"GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
        r#"GEOGCS["JGD2000",DATUM["Japanese_Geodetic_Datum_2000",SPHEROID["GRS 1980",6378137,298.257222101]],UNIT["degree",0.01745329],AUTHORITY["EPSG","4612"]]"#,
        r#"GEOGCS["JGD2000 / (B, L)",DATUM["JGD2000",SPHEROID["GRS 1980",6378137,298.257222101]],UNIT["degree",0.01745329]]"#,
        r#"GEOGCRS["JGD2011", DATUM["Japanese Geodetic Datum 2011", ELLIPSOID["GRS 1980",6378137,298.257222101]], ID["EPSG",6668]]"#,
        r#"geogcrs["wgs 84",ensemble["World Geodetic System 1984 ensemble",member["World Geodetic System 1984 (Transit)"]]]"#,
        r#"COMPD_CS["JGD2011 + height",GEOGCS["JGD2011",DATUM["Japanese_Geodetic_Datum_2011",SPHEROID["GRS 1980",6378137,298]]],VERT_CS["JSLD69",VERT_DATUM["x",2005]]]"#,
        r#"COMPD_CS["a",GEOGCS["JGD2011",DATUM["Japanese_Geodetic_Datum_2011",SPHEROID["GRS 1980",6378137,298]],UNIT["degree",0.017453292519943295]],VERT_CS["JSLD69",VERT_DATUM["x",2005],UNIT["metre",1]]]"#,
        "EPSG:6668",
    ] {
        assert_eq!(other_than_degrees_in_prj(taken.as_bytes()), None, "{taken}");
    }
}

#[test]
fn a_prj_of_another_datum_or_a_projection_is_named() {
    for (prj, name) in [
        (
            r#"GEOGCS["GCS_Tokyo",DATUM["D_Tokyo",SPHEROID["Bessel_1841",6377397.155,299.1528128]],UNIT["Degree",0.0174532925199433]]"#,
            "`GCS_Tokyo`",
        ),
        (r#"GEOGCS["JGD2000",DATUM["Tokyo",SPHEROID["Bessel 1841",6377397.155,299.1528128]]]"#, "`JGD2000`"),
        (
            r#"PROJCS["JGD_2011_Japan_Zone_9",GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]]],PROJECTION["Transverse_Mercator"]]"#,
            "`JGD_2011_Japan_Zone_9`",
        ),
        (r#"PROJCRS["WGS 84 / Pseudo-Mercator",BASEGEOGCRS["WGS 84"]]"#, "`WGS 84 / Pseudo-Mercator`"),
        (
            r#"COMPD_CS["a",PROJCS["JGD2011 / UTM zone 54N",GEOGCS["JGD2011",DATUM["Japanese_Geodetic_Datum_2011"]]]]"#,
            "`a`",
        ),
        (
            r#"GEOGCS["x",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],UNIT["Grad",0.0157]]"#,
            "`x`",
        ),
        (
            r#"GEOGCS["y",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Paris",2.33722917]]"#,
            "`y`",
        ),
        (
            r#"GEOGCRS["z",DATUM["D_WGS_1984",ELLIPSOID["x",6378137,298,LENGTHUNIT["metre",1]]],ANGLEUNIT["gon",0.0157]]"#,
            "`z`",
        ),
        ("EPSG:4301", "`EPSG:4301`"),
        ("no words that are known", "`no words that are known`"),
    ] {
        assert_eq!(other_than_degrees_in_prj(prj.as_bytes()).as_deref(), Some(name));
    }
}
