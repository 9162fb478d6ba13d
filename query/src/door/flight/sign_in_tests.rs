use super::*;

const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn headers(authorization: &str) -> MetadataMap {
    let mut headers = MetadataMap::new();
    headers.insert(AUTHORIZATION, authorization.parse().unwrap());
    headers
}

/// `reader:secret`.
const BASIC: &str = "Basic cmVhZGVyOnNlY3JldA==";

#[tokio::test]
async fn a_token_is_good_until_it_is_taken_back() {
    let (tokens, seal) = (Tokens::new(Directory::empty()), Seal::new().unwrap());
    let token = tokens.give(&seal, &headers(BASIC), ADDRESS).await.unwrap();
    let bearer = headers(&format!("bearer {token}"));
    assert!(tokens.caller(&bearer, ADDRESS).await.unwrap().session.is_some());
    assert_ne!(tokens.give(&seal, &headers(BASIC), ADDRESS).await.unwrap(), token);
    tokens.take_back(&bearer).unwrap();
    // As drivers in Go write it.
    assert!(tokens.give(&seal, &headers("Basic cmVhZGVyOnNlY3JldA"), ADDRESS).await.is_ok());
    for wrong in
        [format!("Bearer {token}"), "Bearer x".into(), "Basic ?".into(), "Digest a".into(), "x".into()]
    {
        let status = tokens.caller(&headers(&wrong), ADDRESS).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{wrong}");
        assert!(status.message().contains("\nhint: "), "{status:?}");
    }
    assert!(tokens.give(&seal, &MetadataMap::new(), ADDRESS).await.is_err(), "nobody says who they are");
}

#[tokio::test]
async fn a_token_ends_and_an_address_that_wants_too_many_loses_its_oldest() {
    let (tokens, seal) = (Tokens::new(Directory::empty()), Seal::new().unwrap());
    let first = tokens.give(&seal, &headers(BASIC), ADDRESS).await.unwrap();
    let elsewhere = tokens.give(&seal, &headers(BASIC), "192.0.2.1".parse().unwrap()).await.unwrap();
    for _ in 0..PER_ADDRESS {
        tokens.give(&seal, &headers(BASIC), ADDRESS).await.unwrap();
    }
    assert_eq!(tokens.tokens().len(), PER_ADDRESS + 1);
    assert!(tokens.caller(&headers(&format!("Bearer {first}")), ADDRESS).await.is_err());
    assert!(tokens.caller(&headers(&format!("Bearer {elsewhere}")), ADDRESS).await.is_ok());
    let known = tokens.tokens();
    let token = known.values().next().unwrap();
    assert!(!token.is_over(token.given) && token.is_over(token.given + IDLE + Duration::from_secs(1)));
}

#[tokio::test]
async fn what_is_set_belongs_to_the_token_and_is_refused_without_one() {
    let (tokens, seal) = (Tokens::new(Directory::empty()), Seal::new().unwrap());
    let token = tokens.give(&seal, &headers(BASIC), ADDRESS).await.unwrap();
    let caller = tokens.caller(&headers(&format!("Bearer {token}")), ADDRESS).await.unwrap();
    let zone = |value: &str| {
        use crate::session::{Change, Lasting};
        let name = "timezone".to_owned();
        Command::Set(
            vec![Change::Set { name, value: value.to_owned(), lasting: Lasting::Session }],
            "SET".into(),
        )
    };
    caller.carry_out(&zone("UTC")).unwrap();
    let again = tokens.caller(&headers(&format!("Bearer {token}")), ADDRESS).await.unwrap();
    assert_eq!(again.settings().time_zone(), "UTC");
    let nobody = tokens.caller(&MetadataMap::new(), ADDRESS).await.unwrap();
    assert_eq!(nobody.carry_out(&zone("UTC")).unwrap_err().code(), Code::FailedPrecondition);
    assert!(nobody.carry_out(&Command::End("COMMIT".into())).is_ok());
}
