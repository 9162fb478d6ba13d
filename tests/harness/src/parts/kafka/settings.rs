//! What a cluster is to be: the settings of each node and the addresses of its listeners.
//!
//! In: a [`Cluster`]. Out: `server.properties` as text. Pure.
//!
//! Node N has i = 2(N - 1): its plain listener is at the cluster's port + i, its controller at the
//! controller's port + i, and the other listeners at the distances below + i.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::parts::PartError;

/// Distance of the listener with a login from the plain one.
pub const SASL_PLAINTEXT: u16 = 100;
/// Distance of the listener with TLS.
pub const SSL: u16 = 200;
/// Distance of the listener with both.
pub const SASL_SSL: u16 = 300;

/// A 10 MB record is one of the bad inputs that tests send; Kafka's own limit is 1 MB.
pub(super) const MAX_MESSAGE_BYTES: u32 = 33_554_432;
/// A node that was killed is let in again only when its old session has ended; 9 s is Kafka's own.
const SESSION_TIMEOUT_MS: u32 = 3000;
const MODULES: &str = "org.apache.kafka.common.security";

/// One node or three, and in which ways they may be reached.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Where its state is.
    pub folder: PathBuf,
    /// Port of the first node.
    pub port: u16,
    /// Port of the first node's controller.
    pub controller_port: u16,
    /// How many nodes it has: 1 or 3.
    pub nodes: u16,
    /// Password of user `kayoi`, when there are listeners with a login.
    pub password: Option<String>,
    /// Whether there are listeners with TLS.
    pub has_tls: bool,
}

/// Where a cluster that has started is reached: addresses of all nodes, with a comma between.
#[derive(Debug)]
pub struct Addresses {
    /// Of the plain listeners, which let everybody in.
    pub plain: String,
    /// Of the listeners that ask for a login.
    pub sasl_plaintext: Option<String>,
    /// Of the listeners with TLS.
    pub ssl: Option<String>,
    /// Of the listeners with TLS that ask for a login.
    pub sasl_ssl: Option<String>,
    /// Certificate of the authority, when there is TLS.
    pub ca: Option<PathBuf>,
}

impl Cluster {
    /// One node that is open to everybody.
    pub fn new(folder: &Path, port: u16, controller_port: u16) -> Self {
        Self { folder: folder.to_path_buf(), port, controller_port, nodes: 1, password: None, has_tls: false }
    }

    /// Refuses a cluster that cannot be started as it is described.
    pub(super) fn check(&self) -> Result<(), PartError> {
        let wrong = |what: String| Err(PartError::WrongUse(what));
        if self.nodes != 1 && self.nodes != 3 {
            return wrong(format!("nodes `{}` is not allowed: 1 or 3 is", self.nodes));
        }
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        // It stands between quotes in the settings.
        if self.password.as_ref().is_some_and(|word| word.is_empty() || !word.chars().all(is_allowed)) {
            return wrong("the password may have letters, digits, `.`, `_` and `-`".to_owned());
        }
        let furthest =
            [(self.password.is_some(), SASL_PLAINTEXT), (self.has_tls, SSL), (self.has_both(), SASL_SSL)];
        let furthest =
            furthest.into_iter().filter_map(|(is, distance)| is.then_some(distance)).max().unwrap_or(0);
        let highest = u16::MAX - furthest - 2 * (self.nodes - 1);
        if self.port == 0 || self.port > highest {
            return wrong(format!(
                "port `{}` is not allowed: 1 to {highest} is, with these listeners",
                self.port
            ));
        }
        Ok(())
    }

    fn has_both(&self) -> bool {
        self.has_tls && self.password.is_some()
    }

    /// Listeners with their distance from the plain one.
    fn listeners(&self) -> Vec<(&'static str, u16)> {
        let all = [
            (true, "PLAINTEXT", 0),
            (self.password.is_some(), "SASL_PLAINTEXT", SASL_PLAINTEXT),
            (self.has_tls, "SSL", SSL),
            (self.has_both(), "SASL_SSL", SASL_SSL),
        ];
        all.into_iter().filter_map(|(is, name, distance)| is.then_some((name, distance))).collect()
    }

    /// Port of a node's plain listener.
    pub(super) fn port_of(&self, node: u16) -> u16 {
        self.port + 2 * (node - 1)
    }

    /// Where it is reached. `folder` is its full path.
    pub(super) fn addresses(&self, folder: &Path) -> Addresses {
        let of = |distance: u16| {
            let nodes = (1..=self.nodes).map(|node| format!("127.0.0.1:{}", self.port_of(node) + distance));
            nodes.collect::<Vec<_>>().join(",")
        };
        Addresses {
            plain: of(0),
            sasl_plaintext: self.password.as_ref().map(|_| of(SASL_PLAINTEXT)),
            ssl: self.has_tls.then(|| of(SSL)),
            sasl_ssl: self.has_both().then(|| of(SASL_SSL)),
            ca: self.has_tls.then(|| folder.join("tls/ca.pem")),
        }
    }

    /// The `server.properties` of a node. `folder` is the cluster's full path, `node_folder` the node's.
    pub(super) fn properties(&self, folder: &Path, node: u16, node_folder: &Path) -> String {
        let voters =
            (1..=self.nodes).map(|n| format!("{n}@127.0.0.1:{}", self.controller_port + 2 * (n - 1)));
        let voters = voters.collect::<Vec<_>>().join(",");
        let listeners = self.listeners().into_iter();
        let listeners =
            listeners.map(|(name, distance)| format!("{name}://127.0.0.1:{}", self.port_of(node) + distance));
        let listeners = listeners.collect::<Vec<_>>().join(",");
        let (nodes, in_sync) = (self.nodes, if self.nodes == 1 { 1 } else { 2 });
        let controller = self.controller_port + 2 * (node - 1);
        let data = node_folder.join("data");
        let mut text = format!(
            "process.roles=broker,controller\n\
             node.id={node}\n\
             controller.quorum.voters={voters}\n\
             listeners={listeners},CONTROLLER://127.0.0.1:{controller}\n\
             advertised.listeners={listeners}\n\
             controller.listener.names=CONTROLLER\n\
             listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,\
             SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL\n\
             log.dirs={data}\n\
             auto.create.topics.enable=false\n\
             default.replication.factor={nodes}\n\
             min.insync.replicas={in_sync}\n\
             offsets.topic.num.partitions=1\n\
             offsets.topic.replication.factor={nodes}\n\
             transaction.state.log.num.partitions=1\n\
             transaction.state.log.replication.factor={nodes}\n\
             transaction.state.log.min.isr={in_sync}\n\
             group.initial.rebalance.delay.ms=0\n\
             broker.session.timeout.ms={SESSION_TIMEOUT_MS}\n\
             broker.heartbeat.interval.ms=500\n\
             message.max.bytes={MAX_MESSAGE_BYTES}\n\
             replica.fetch.max.bytes={MAX_MESSAGE_BYTES}\n\
             log.retention.hours=-1\n",
            data = data.display()
        );
        if self.has_tls {
            text.push_str(&tls(&folder.join("tls")));
        }
        if let Some(password) = &self.password {
            text.push_str("sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER\n");
            text.push_str(&login("sasl_plaintext", password));
            text.push_str(&login("sasl_ssl", password));
        }
        text
    }
}

fn tls(folder: &Path) -> String {
    format!(
        "ssl.keystore.type=PEM\n\
         ssl.keystore.location={}\n\
         ssl.truststore.type=PEM\n\
         ssl.truststore.location={}\n\
         ssl.client.auth=requested\n",
        folder.join("node-with-key.pem").display(),
        folder.join("ca.pem").display()
    )
}

/// Settings of a listener with a login, by its name in small letters.
fn login(listener: &str, password: &str) -> String {
    let modules = [
        ("plain", format!("plain.PlainLoginModule required user_kayoi=\"{password}\"")),
        ("scram-sha-256", "scram.ScramLoginModule required".to_owned()),
        ("scram-sha-512", "scram.ScramLoginModule required".to_owned()),
        (
            "oauthbearer",
            "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"kayoi\"".to_owned(),
        ),
    ];
    let line = |(mechanism, module)| {
        format!("listener.name.{listener}.{mechanism}.sasl.jaas.config={MODULES}.{module};\n")
    };
    modules.map(line).concat()
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.plain.clone();
        let mut add = |name: &str, value: Option<String>| {
            value.map_or(Ok(()), |value| write!(lines, "\n{name} {value}"))
        };
        add("SASL_PLAINTEXT", self.sasl_plaintext.clone())?;
        add("SSL", self.ssl.clone())?;
        add("CA", self.ca.as_ref().map(|path| path.display().to_string()))?;
        add("SASL_SSL", self.sasl_ssl.clone())?;
        f.write_str(&lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Cluster {
        let open = Cluster::new(Path::new("/c"), 9092, 9093);
        Cluster { nodes: 3, password: Some("p-1".to_owned()), has_tls: true, ..open }
    }

    #[test]
    fn each_node_has_every_listener_at_its_distance() {
        let text = three().properties(Path::new("/c"), 2, Path::new("/c/node-2"));
        let has = |line: &str| assert!(text.lines().any(|l| l == line), "{line}\nis not in\n{text}");
        has("controller.quorum.voters=1@127.0.0.1:9093,2@127.0.0.1:9095,3@127.0.0.1:9097");
        has("advertised.listeners=PLAINTEXT://127.0.0.1:9094,SASL_PLAINTEXT://127.0.0.1:9194,\
             SSL://127.0.0.1:9294,\
             SASL_SSL://127.0.0.1:9394");
        has("min.insync.replicas=2");
        has("log.dirs=/c/node-2/data");
        has("ssl.truststore.location=/c/tls/ca.pem");
        has("listener.name.sasl_ssl.plain.sasl.jaas.config=\
             org.apache.kafka.common.security.plain.PlainLoginModule required user_kayoi=\"p-1\";");
    }

    #[test]
    fn addresses_are_told_one_listener_a_line() {
        assert_eq!(
            three().addresses(Path::new("/c")).to_string(),
            "127.0.0.1:9092,127.0.0.1:9094,127.0.0.1:9096\n\
             SASL_PLAINTEXT 127.0.0.1:9192,127.0.0.1:9194,127.0.0.1:9196\n\
             SSL 127.0.0.1:9292,127.0.0.1:9294,127.0.0.1:9296\n\
             CA /c/tls/ca.pem\n\
             SASL_SSL 127.0.0.1:9392,127.0.0.1:9394,127.0.0.1:9396"
        );
        let open = Cluster::new(Path::new("/c"), 9092, 9093);
        assert_eq!(open.addresses(Path::new("/c")).to_string(), "127.0.0.1:9092");
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_can() {
        let refusal = |cluster: Cluster| cluster.check().unwrap_err().to_string();
        assert_eq!(refusal(Cluster { nodes: 2, ..three() }), "nodes `2` is not allowed: 1 or 3 is");
        assert!(
            refusal(Cluster { password: Some("a\"b".to_owned()), ..three() }).starts_with("the password may")
        );
        let high = refusal(Cluster { port: 65_300, ..three() });
        assert_eq!(high, "port `65300` is not allowed: 1 to 65231 is, with these listeners");
        three().check().unwrap();
    }
}
