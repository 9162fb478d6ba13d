//! What a bucket does to files by rules of its own: delete them after so many days, or move them to where they cannot be
//! read at once.
//!
//! In: how a bucket is reached, and the lake's place in it. Out: whether a rule reaches the lake. Nothing but the log of a
//! table knows which of its files are needed, however old they are. The store's client asks for objects alone, so this one
//! question is signed here; stores that do not answer it, and keys that may not ask it, are said to be unknown.

use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, AwsAuthorizer};
use object_store::client::{HttpConnector, HttpRequest, HttpRequestBody, ReqwestConnector};
use object_store::path::Path as Key;
use object_store::signer::Signer;
use object_store::{ClientConfigKey, ClientOptions};

/// What is known of the rules of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lifecycle {
    /// None reaches the lake.
    Harmless,
    /// These do, by their names.
    Reaches(Vec<String>),
    /// The store does not say.
    Unknown,
}

/// The region of a bucket that names none.
const REGION: &str = "us-east-1";
/// How this question is asked, as every other is.
const PASSED_ON: [ClientConfigKey; 6] = [
    ClientConfigKey::AllowHttp,
    ClientConfigKey::AllowInvalidCertificates,
    ClientConfigKey::ConnectTimeout,
    ClientConfigKey::ProxyUrl,
    ClientConfigKey::ProxyCaCertificate,
    ClientConfigKey::ProxyExcludes,
];
/// Longest wait for the answer.
const TIMEOUT: &str = "20s";
/// Longest wait for it and for the credentials that it is asked with.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Of an address that nobody is given.
const UNUSED: Duration = Duration::from_secs(1);

/// Asks a bucket what its rules do to what is below `lake`.
pub(crate) async fn of(builder: AmazonS3Builder, lake: &Key) -> Lifecycle {
    let answer = tokio::time::timeout(WHOLE_TIMEOUT, ask(builder)).await.ok().flatten();
    answer.map_or(Lifecycle::Unknown, |rules| judged(&rules, lake.as_ref()))
}

/// The rules as the store writes them, nothing when there are none; `None` where it does not say.
async fn ask(builder: AmazonS3Builder) -> Option<String> {
    let region = builder.get_config_value(&AmazonS3ConfigKey::Region).unwrap_or_else(|| REGION.to_owned());
    let mut options = ClientOptions::new();
    for key in PASSED_ON {
        if let Some(value) = builder.get_config_value(&AmazonS3ConfigKey::Client(key)) {
            options = options.with_config(key, value);
        }
    }
    let options = options.with_config(ClientConfigKey::Timeout, TIMEOUT);
    let store = builder.build().ok()?;
    let mut request = HttpRequest::new(HttpRequestBody::empty());
    // Only to learn the bucket's address: what signs an address knows no questions about a bucket.
    let address = store.signed_url(request.method().clone(), &Key::default(), UNUSED).await;
    let mut address = address.ok()?;
    address.set_query(Some("lifecycle"));
    *request.uri_mut() = address.as_str().parse().ok()?;
    let credential = store.credentials().get_credential().await.ok()?;
    AwsAuthorizer::new(&credential, "s3", &region).authorize(&mut request, None);
    let client = ReqwestConnector::default().connect(&options).ok()?;
    let answer = client.execute(request).await.ok()?;
    let status = answer.status().as_u16();
    let body = answer.into_body().bytes().await.ok()?;
    let text = String::from_utf8_lossy(&body).into_owned();
    match status {
        200 => Some(text),
        404 if text.contains("NoSuchLifecycleConfiguration") => Some(String::new()),
        _ => None,
    }
}

fn judged(rules: &str, lake: &str) -> Lifecycle {
    let reaching: Vec<String> = elements(rules, "Rule")
        .into_iter()
        .filter(|rule| takes_away(rule) && covers(rule, lake))
        .map(|rule| elements(rule, "ID").first().copied().unwrap_or("without a name").to_owned())
        .collect();
    if reaching.is_empty() { Lifecycle::Harmless } else { Lifecycle::Reaches(reaching) }
}

/// Whether a rule that is on deletes or moves what is there. The end of unfinished uploads takes nothing away, nor does that
/// of versions that only a versioned bucket has.
fn takes_away(rule: &str) -> bool {
    let expires = |rule: &&str| rule.contains("<Days>") || rule.contains("<Date>");
    elements(rule, "Status").first() == Some(&"Enabled")
        && (elements(rule, "Expiration").iter().any(expires) || !elements(rule, "Transition").is_empty())
}

/// Whether a rule covers a part of the lake. One for files with a tag does not: the lake's have none.
fn covers(rule: &str, lake: &str) -> bool {
    let prefix = elements(rule, "Prefix").first().map(|prefix| prefix.replace("&amp;", "&"));
    let prefix = prefix.unwrap_or_default();
    let folder = if lake.is_empty() { String::new() } else { format!("{lake}/") };
    !rule.contains("<Tag>") && (folder.starts_with(&prefix) || prefix.starts_with(&folder))
}

/// What stands in each element of this name.
fn elements<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let behind = xml.split(begin.as_str()).skip(1);
    behind.filter_map(|rest| Some(rest.split_once(end.as_str())?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(what: &str) -> String {
        format!("<Rule>{what}<ID>clean</ID><Status>Enabled</Status></Rule>")
    }

    #[test]
    fn a_rule_that_takes_files_of_the_lake_away_is_named() {
        let expires = "<Expiration><Days>30</Days></Expiration>";
        let moves = "<Transition><Days>0</Days><StorageClass>GLACIER</StorageClass></Transition>";
        let filter = |prefix: &str| format!("<Filter><Prefix>{prefix}</Prefix></Filter>");
        for reaches in [
            format!("<Filter><Prefix/></Filter>{expires}"),
            format!("<Prefix>company</Prefix>{moves}"),
            filter("company/lake/pings") + expires,
            format!("<Filter><And><Prefix>company/</Prefix></And></Filter>{moves}"),
        ] {
            let judged = judged(&rule(&reaches), "company/lake");
            assert_eq!(judged, Lifecycle::Reaches(vec!["clean".to_owned()]), "{reaches}");
        }
        let unnamed = "<Rule><Status>Enabled</Status><Expiration><Date>2026-01-01</Date></Expiration></Rule>";
        assert_eq!(judged(unnamed, ""), Lifecycle::Reaches(vec!["without a name".to_owned()]));
    }

    #[test]
    fn rules_of_other_files_and_of_unfinished_uploads_are_harmless() {
        let expires = "<Expiration><Days>30</Days></Expiration>";
        let filter = |prefix: &str| format!("<Filter><Prefix>{prefix}</Prefix></Filter>");
        for harmless in [
            filter("company/lake-2/") + expires,
            filter("logs") + expires,
            "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
                .to_owned(),
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>".to_owned(),
            format!("<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>{expires}"),
        ] {
            assert_eq!(judged(&rule(&harmless), "company/lake"), Lifecycle::Harmless, "{harmless}");
        }
        let off = rule(expires).replace("Enabled", "Disabled");
        assert_eq!([judged(&off, "lake"), judged("", "lake")], [Lifecycle::Harmless, Lifecycle::Harmless]);
    }
}
