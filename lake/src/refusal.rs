//! What a store says when it refuses, and what one does about it.
//!
//! In: an error of the store's client, with its causes. Out: a [`Refusal`], which has a code and a hint. The client sorts
//! answers by their status alone, and those to a list not at all: a token that has ended, another region and a name that
//! no bucket can have are all a 400. So the code that the store gives decides; where it gives none, what came of the
//! connection, by the words of the client, which keeps its types to itself.

use std::error::Error;

use kayoi_schemas::error_code::ErrorCode;

/// What to look at where nothing more is known.
const ANY: &str = "is the store there, and may this user read and write in it?";

/// Why a store does not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoBucket,
    OtherRegion,
    PlainHttp,
    UnknownKey,
    OtherSecret,
    NoRight,
    OtherTime,
    NoCredentials,
    UnknownHost,
    NobodyListens,
    Distrusted,
    Busy,
}

impl Refusal {
    /// What lies below an error; `None` where no store has refused, or not in words that are known.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut words = String::new();
        for cause in std::iter::successors(Some(error), |error| (**error).source()) {
            words.push_str(&cause.to_string());
            words.push('\n');
        }
        code_in(&words).and_then(Self::of_code).or_else(|| Self::of_words(&words))
    }

    /// By the code of S3, which other stores use as well.
    fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "NoSuchBucket" | "InvalidBucketName" => Self::NoBucket,
            "AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException" => {
                Self::OtherRegion
            }
            "InvalidAccessKeyId" | "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" => {
                Self::UnknownKey
            }
            "SignatureDoesNotMatch" => Self::OtherSecret,
            "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => Self::NoRight,
            "RequestTimeTooSkewed" | "RequestExpired" => Self::OtherTime,
            "SlowDown" | "ServiceUnavailable" | "InternalError" => Self::Busy,
            _ => return None,
        })
    }

    fn of_words(words: &str) -> Option<Self> {
        const KNOWN: [(&str, Refusal); 13] = [
            // The address at which a machine in a cloud asks for its own.
            ("http://169.254.169.254/", Refusal::NoCredentials),
            ("incorrectly configured region", Refusal::OtherRegion),
            ("URL scheme is not allowed", Refusal::PlainHttp),
            ("status code: 401", Refusal::NoRight),
            ("status code: 403", Refusal::NoRight),
            ("status code: 429", Refusal::Busy),
            ("status code: 500", Refusal::Busy),
            ("status code: 503", Refusal::Busy),
            ("dns error", Refusal::UnknownHost),
            ("Connection refused", Refusal::NobodyListens),
            ("invalid peer certificate", Refusal::Distrusted),
            // What does not speak TLS answers in letters.
            ("InvalidContentType", Refusal::Distrusted),
            ("certificate verify failed", Refusal::Distrusted),
        ];
        KNOWN.iter().find(|(part, _)| words.contains(part)).map(|(_, refusal)| *refusal)
    }

    /// The code that it is looked up by.
    pub(crate) fn code(self) -> ErrorCode {
        match self {
            Self::NoBucket | Self::OtherRegion | Self::PlainHttp => ErrorCode::StoreAddress,
            Self::UnknownKey | Self::OtherSecret | Self::NoRight | Self::OtherTime | Self::NoCredentials => {
                ErrorCode::StoreDenied
            }
            Self::UnknownHost | Self::NobodyListens | Self::Distrusted | Self::Busy => {
                ErrorCode::StoreUnreachable
            }
        }
    }

    /// Whether the store would say the same again at once.
    pub(crate) fn is_final(self) -> bool {
        self.code() != ErrorCode::StoreUnreachable
    }

    fn hint(self) -> &'static str {
        match self {
            Self::NoBucket => {
                "the store has no such bucket: check its name and AWS_ENDPOINT, or create it; Kayoi makes none"
            }
            Self::OtherRegion => "the bucket is in another region: set AWS_REGION to it",
            Self::PlainHttp => {
                "AWS_ENDPOINT begins with http://: give one with https://, or allow it by AWS_ALLOW_HTTP=true"
            }
            Self::UnknownKey => {
                "the store does not know this key, or its time is over: check AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN"
            }
            Self::OtherSecret => "the secret is not that of the key: check AWS_SECRET_ACCESS_KEY",
            Self::NoRight => {
                "this key may not do that here: allow it to list, get, put and delete below the lake's prefix"
            }
            Self::OtherTime => {
                "this machine's clock is too far from the store's: let the system keep the time (chrony, systemd-timesyncd)"
            }
            Self::NoCredentials => {
                "no key was given, and this machine has none of its own: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            }
            Self::UnknownHost => {
                "the host name of the store is unknown: check AWS_ENDPOINT, and the name service"
            }
            Self::NobodyListens => {
                "nothing listens at this address: check host and port of AWS_ENDPOINT, and whether the store runs"
            }
            Self::Distrusted => {
                "the store is there and TLS fails: check the host name in its certificate and that this port speaks TLS; `SSL_CERT_FILE` names the certificate of another authority"
            }
            Self::Busy => {
                "the store is there and does not get on: run it again later, and look at the store if it comes often"
            }
        }
    }
}

/// What to do about a store that refused.
pub(crate) fn hint(error: &(dyn Error + 'static)) -> &'static str {
    Refusal::of(error).map_or(ANY, Refusal::hint)
}

/// A line with what to do, where a store has refused, and nothing where something else went wrong.
pub(crate) fn hint_line(error: &(dyn Error + 'static)) -> String {
    Refusal::of(error).map(|refusal| format!("\nhint: {}", refusal.hint())).unwrap_or_default()
}

/// The code in the store's answer.
fn code_in(words: &str) -> Option<&str> {
    words.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn said(words: &str) -> Option<Refusal> {
        Refusal::of(&io::Error::other(words.to_owned()))
    }

    #[test]
    fn the_code_of_the_answer_decides_whatever_its_status() {
        let answer = |status: &str, code: &str| {
            said(&format!("status code: {status}: <Error><Code>{code}</Code><Message>no</Message></Error>"))
        };
        assert_eq!(answer("404 Not Found", "NoSuchBucket"), Some(Refusal::NoBucket));
        assert_eq!(answer("400 Bad Request", "AuthorizationHeaderMalformed"), Some(Refusal::OtherRegion));
        assert_eq!(answer("400 Bad Request", "ExpiredToken"), Some(Refusal::UnknownKey));
        assert_eq!(answer("403 Forbidden", "RequestTimeTooSkewed"), Some(Refusal::OtherTime));
        assert_eq!(answer("403 Forbidden", "SomethingNew"), Some(Refusal::NoRight));
        // A file that is gone is no refusal.
        assert_eq!(answer("404 Not Found", "NoSuchKey"), None);
        assert_eq!(said("the table is damaged"), None);
    }

    #[test]
    fn each_refusal_has_a_hint_of_its_own_and_a_code_of_the_store() {
        let all = [
            Refusal::NoBucket,
            Refusal::OtherRegion,
            Refusal::PlainHttp,
            Refusal::UnknownKey,
            Refusal::OtherSecret,
            Refusal::NoRight,
            Refusal::OtherTime,
            Refusal::NoCredentials,
            Refusal::UnknownHost,
            Refusal::NobodyListens,
            Refusal::Distrusted,
            Refusal::Busy,
        ];
        let hints: std::collections::BTreeSet<&str> = all.iter().map(|refusal| refusal.hint()).collect();
        assert_eq!(hints.len(), all.len());
        assert!(all.iter().all(|refusal| refusal.code().as_str().starts_with("K30")));
        assert!(Refusal::NoRight.is_final() && !Refusal::Busy.is_final());
    }
}
