//! `kayoi health`: whether something that Kayoi serves can answer, for probes without a shell.
//!
//! In: the address of a health check. Out: its words and exit code 0, or an error. Nothing is opened but a connection: a
//! probe is asked every few seconds.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use super::serve::is_local;
use crate::args::HealthOptions;
use crate::coded::{coded, refuse};
use crate::screen::line;

/// Bytes of the longest answer; ours have a line.
const LONGEST_ANSWER: u64 = 4 << 10;

pub(crate) fn run(options: &HealthOptions) -> anyhow::Result<()> {
    let url: ureq::http::Uri = options.url.parse().with_context(|| {
        coded!(Argument, "`{}` is no address\nhint: http://127.0.0.1:8080/health/ready is one", options.url)
    })?;
    let roots = match &options.ca {
        Some(file) => {
            let pem = std::fs::read(file).with_context(|| {
                format!("cannot read `{}`\nhint: --ca takes a PEM file with certificates", file.display())
            })?;
            let certificates: Vec<Certificate<'static>> = parse_pem(&pem)
                .filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                })
                .collect();
            if certificates.is_empty() {
                refuse!(
                    Certificate,
                    "`{}` has no certificate\nhint: --ca takes a PEM file with certificates",
                    file.display()
                );
            }
            RootCerts::Specific(Arc::new(certificates))
        }
        None => RootCerts::PlatformVerifier,
    };
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(roots)
        // The certificate bears the name by which others call this machine. Nothing secret is sent.
        .disable_verification(url.host().is_some_and(|host| is_local(host.trim_matches(['[', ']']))))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(options.seconds)))
            .tls_config(tls)
            .build(),
    );
    let unanswered = || {
        coded!(
            Check,
            "`{}` does not answer\nhint: is the server up, and is this its address, with https:// where it has TLS? `kayoi serve` and an ingest say theirs as they start",
            options.url
        )
    };
    let mut answer = agent.get(&options.url).call().with_context(unanswered)?;
    let status = answer.status();
    let words =
        answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string().with_context(unanswered)?;
    let words = words.trim();
    if status.as_u16() != 200 {
        refuse!(Check, "`{}` says {status}: {words}", options.url);
    }
    line(words)
}
