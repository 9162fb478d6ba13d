//! Tokens that are believed, and tokens that are not, against a provider on this machine.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Issuer, IssuerError};

const AUDIENCE: &str = "kayoi";

/// A provider's key, as it signs and as it is shown.
struct Signer {
    key: EncodingKey,
    kid: String,
}

impl Signer {
    fn new(kid: &str) -> Self {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        Self { key: EncodingKey::from_ec_der(document.as_ref()), kid: kid.to_owned() }
    }

    fn shown(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.kid.clone());
        jwk
    }

    fn token(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key).unwrap()
    }
}

/// A provider that shows keys, and counts how often it is asked for them.
struct Provider {
    address: String,
    keys: Arc<Mutex<Vec<Jwk>>>,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    async fn start(called: Option<&str>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let issuer = called.unwrap_or(&address).to_owned();
        let discovery = json!({ "issuer": issuer, "jwks_uri": format!("{address}/jwks") });
        let (keys, asked) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (shown, counted) = (Arc::clone(&keys), Arc::clone(&asked));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(move || async move { Json(discovery) }))
            .route(
                "/jwks",
                get(move || async move {
                    counted.fetch_add(1, Ordering::SeqCst);
                    Json(JwkSet { keys: shown.lock().unwrap().clone() })
                }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, keys, asked }
    }

    fn show(&self, signers: &[&Signer]) {
        *self.keys.lock().unwrap() = signers.iter().map(|signer| signer.shown()).collect();
    }

    fn claims(&self) -> Value {
        json!({ "iss": self.address, "aud": AUDIENCE, "sub": "248289761001", "exp": get_current_timestamp() + 600 })
    }
}

/// Claims with another value; null takes one away.
fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    let map = claims.as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name)
    } else {
        map.insert(name.to_owned(), value)
    };
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_believed_when_all_of_it_is_right_and_not_otherwise() {
    let provider = Provider::start(None).await;
    let (signer, stranger) = (Signer::new("first"), Signer::new("first"));
    provider.show(&[&signer]);
    let issuer = Issuer::open(&provider.address, AUDIENCE).await.unwrap();
    let claims = provider.claims();
    let believed = issuer.subject(&signer.token(&claims)).await;
    assert_eq!(believed.as_deref(), Some("248289761001"));
    let for_several = with(&claims, "aud", json!(["other", AUDIENCE]));
    assert!(issuer.subject(&signer.token(&for_several)).await.is_some());

    let now = get_current_timestamp();
    let wrong = [
        ("iss", json!("https://id.example")),
        ("iss", Value::Null),
        ("aud", json!("other")),
        ("aud", Value::Null),
        ("exp", json!(now - 3_600)),
        ("exp", json!("4102444800x")),
        ("exp", Value::Null),
        ("nbf", json!(now + 3_600)),
        ("sub", json!(["248289761001"])),
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", Value::Null),
    ];
    for (name, value) in wrong {
        let token = signer.token(&with(&claims, name, value.clone()));
        assert_eq!(issuer.subject(&token).await, None, "{name}: {value}");
    }
    assert_eq!(issuer.subject(&stranger.token(&claims)).await, None, "a key of the same name");
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_public_key_as_a_secret_nor_no_signature_passes() {
    let provider = Provider::start(None).await;
    let signer = Signer::new("first");
    provider.show(&[&signer]);
    let issuer = Issuer::open(&provider.address, AUDIENCE).await.unwrap();
    let shown = serde_json::to_value(signer.shown()).unwrap();
    let point = |name: &str| URL_SAFE_NO_PAD.decode(shown[name].as_str().unwrap()).unwrap();
    let public = [vec![4], point("x"), point("y")].concat();
    let header = Header { kid: Some("first".to_owned()), ..Header::new(Algorithm::HS256) };
    let secret = EncodingKey::from_secret(&public).unwrap();
    let forged = encode(&header, &provider.claims(), &secret).unwrap();
    assert_eq!(issuer.subject(&forged).await, None);

    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = json!({ "alg": "none", "kid": "first" });
    for signature in ["", "AAAA"] {
        let bare = format!("{}.{}.{signature}", part(&none), part(&provider.claims()));
        assert_eq!(issuer.subject(&bare).await, None);
    }
    let right = signer.token(&provider.claims());
    let (head, signature) = right.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other = part(&with(&provider.claims(), "sub", json!("somebody else")));
    assert_eq!(issuer.subject(&format!("{header}.{other}.{signature}")).await, None);
    for nonsense in ["", "..", "a.b.c", &".".repeat(20_000), "kayoi_abc"] {
        assert_eq!(issuer.subject(nonsense).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_fetched_and_unknown_ones_do_not_make_us_ask_all_the_time() {
    let provider = Provider::start(None).await;
    let (first, second, third) = (Signer::new("first"), Signer::new("second"), Signer::new("third"));
    provider.show(&[&first]);
    let issuer = Issuer::open(&provider.address, AUDIENCE).await.unwrap();
    provider.show(&[&second]);
    let claims = provider.claims();
    assert!(issuer.subject(&second.token(&claims)).await.is_some());
    assert_eq!(issuer.subject(&first.token(&claims)).await, None, "the provider took it back");
    for _ in 0..50 {
        assert_eq!(issuer.subject(&third.token(&claims)).await, None);
    }
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_none_is_refused_and_one_that_is_down_is_waited_for() {
    for address in [
        "id.example",
        "http://id.example",
        "ftp://id.example",
        "https://a:b@id.example",
        "https://id.example/?x=1",
    ] {
        let refused = Issuer::open(address, AUDIENCE).await.err();
        assert!(matches!(refused, Some(IssuerError::Address { .. })), "{address}: {refused:?}");
    }
    let provider = Provider::start(None).await;
    let without_keys = Issuer::open(&provider.address, AUDIENCE).await.err();
    assert!(matches!(without_keys, Some(IssuerError::NoKey)));
    let elsewhere = Issuer::open(&format!("{}/below", provider.address), AUDIENCE).await.err();
    assert!(matches!(elsewhere, Some(IssuerError::Answer { .. })));
    let other = Provider::start(Some("https://id.example")).await;
    let refused = Issuer::open(&other.address, AUDIENCE).await.err();
    assert!(matches!(refused, Some(IssuerError::OtherIssuer { called }) if called == "https://id.example"));

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let down = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let issuer = Issuer::open(&down, AUDIENCE).await.unwrap();
    let signer = Signer::new("first");
    assert_eq!(issuer.subject(&signer.token(&provider.claims())).await, None);
}
