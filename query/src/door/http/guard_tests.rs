use super::*;

fn request(headers: &[(&str, &str)]) -> Request {
    let mut request = Request::builder().uri("/v1/query");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Local(IpAddr::from([192, 0, 2, 7])));
    request
}

fn status(headers: &[(&str, &str)]) -> Option<u16> {
    let hosts = Hosts::new(["Kayoi.Example".to_owned()]);
    check(&hosts, false, &request(headers)).err().map(|(status, ..)| status.as_u16())
}

#[test]
fn a_name_that_was_made_to_point_here_is_refused() {
    for host in [
        "localhost",
        "LOCALHOST:8080",
        "localhost.",
        "127.0.0.1:8080",
        "127.8.8.8",
        "[::1]:8080",
        "192.0.2.7:8080",
        "kayoi.example",
        "kayoi.example:443",
    ] {
        assert_eq!(status(&[("host", host)]), None, "{host}");
    }
    for host in [
        "evil.example",
        "192.0.2.8",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "kayoi.example.evil",
        "2130706433",
        "0.0.0.0",
    ] {
        assert_eq!(status(&[("host", host)]), Some(403), "{host}");
    }
    for host in ["localhost@evil.example", "", "a b"] {
        assert_eq!(status(&[("host", host)]), Some(400), "{host}");
    }
    assert_eq!(status(&[]), Some(400));
    assert_eq!(status(&[("host", "localhost"), ("host", "evil.example")]), Some(400));
}

#[test]
fn another_site_may_not_ask_and_a_program_may() {
    let with = |more: (&'static str, &'static str)| status(&[("host", "127.0.0.1:8080"), more]);
    assert_eq!(with(("origin", "http://127.0.0.1:8080")), None);
    assert_eq!(with(("origin", "https://kayoi.example")), None, "a proxy with the operator's name");
    for origin in [
        "http://evil.example",
        "http://127.0.0.1:3000",
        "http://localhost:8080",
        "null",
        "",
        "file://",
        "http://127.0.0.1:8080.evil.example",
    ] {
        assert_eq!(with(("origin", origin)), Some(403), "{origin}");
    }
    assert_eq!(with(("content-type", "text/plain")), None);
    assert_eq!(with(("sec-fetch-site", "same-origin")), None);
    assert_eq!(with(("sec-fetch-site", "cross-site")), Some(403));
    let link = [("host", "localhost"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    assert_eq!(status(&link), None, "a link that somebody follows");
}

#[test]
fn the_address_line_cannot_say_another_host_than_the_header() {
    let mut request = request(&[("host", "localhost")]);
    *request.uri_mut() = "http://evil.example/v1/query".parse().unwrap();
    assert_eq!(check(&Hosts::default(), false, &request).unwrap_err().0, StatusCode::FORBIDDEN);
}
