//! What one does about a broker that refuses.
//!
//! In: the code of the brokers or of the client. Out: a hint, where the code tells more than what was tried: a group that may
//! not be used is mended elsewhere than a topic that may not be read, whatever was asked when it came out. The numbers are
//! those of Kafka's protocol and of librdkafka's own list.

use rdkafka::error::RDKafkaErrorCode as Said;

/// What to look at.
pub(super) fn remedy(code: Said) -> Option<&'static str> {
    Some(match code {
        Said::Authentication | Said::SaslAuthenticationFailed => {
            "the broker is there and refuses the login: check kafka.mechanism, username and password_file or token_file"
        }
        Said::SSL => {
            "the broker is there and TLS fails: check kafka.ca_file, the certificate's host name, and that this port speaks TLS"
        }
        Said::Resolve => "a host name of kafka.brokers is unknown: check it, and the name service",
        Said::TopicAuthorizationFailed => {
            "the login is right, and this user may not use the topic: allow it to describe and to read it"
        }
        Said::GroupAuthorizationFailed => {
            "the login is right, and this user may not use the consumer group: allow it to read the group that `kayoi doctor` names"
        }
        Said::InvalidSessionTimeout => {
            "kafka.session_timeout is outside of what the brokers allow: their group.min.session.timeout.ms to group.max.session.timeout.ms"
        }
        Said::FencedInstanceId => {
            "another process has the same kafka.instance: give each its own, or stop one of them"
        }
        Said::InconsistentGroupProtocol => {
            "somebody else's consumers are in this group: give Kayoi another kafka.group"
        }
        Said::GroupMaxSizeReached => {
            "the brokers let no more processes into the group: stop some, or raise their group.max.size"
        }
        Said::InvalidTopic => "no topic can have this name: check it in [[feed]] topics",
        Said::MessageSizeTooLarge => {
            "a record is larger than is fetched: raise fetch.message.max.bytes in [kafka.librdkafka]"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_may_not_do_is_told_from_a_login_that_is_wrong() {
        let login = remedy(Said::SaslAuthenticationFailed).unwrap();
        let (topic, group) = (
            remedy(Said::TopicAuthorizationFailed).unwrap(),
            remedy(Said::GroupAuthorizationFailed).unwrap(),
        );
        assert!(login.contains("refuses the login") && topic.contains("login is right"));
        assert!(topic.contains("the topic") && group.contains("consumer group"));
        assert_eq!(remedy(Said::AllBrokersDown), None);
    }
}
