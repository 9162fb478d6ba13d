//! Whether a node is ready. In: its port. Out: whether it answers a Metadata request with itself in the list,
//! for then the controller has let it in. A few lines of protocol instead of a second JVM for each look.

use std::io::{self, Read, Write};
use std::time::Duration;

use crate::parts::port;

/// Size 14, API key 3 (Metadata), version 1, correlation 1, no client id, no topics.
const REQUEST: [u8; 18] = [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0];
const CORRELATION: [u8; 4] = [0, 0, 0, 1];
const ADDRESS: &[u8] = b"127.0.0.1";
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// Three nodes and no topics are a few hundred bytes. What is longer is not Kafka.
const LONGEST_ANSWER: u32 = 65_536;

/// Whether the node at this port is up.
pub(super) fn answers(port: u16) -> bool {
    ask(port).is_ok_and(|answer| names(&answer, port))
}

fn ask(port: u16) -> io::Result<Vec<u8>> {
    let mut stream = port::connect(port)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    stream.write_all(&REQUEST)?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length).min(LONGEST_ANSWER);
    let mut answer = vec![0; length as usize];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// Whether an answer has the node of this port among the brokers: length and letters of the address, then the
/// port.
fn names(answer: &[u8], port: u16) -> bool {
    let mut itself = vec![0, ADDRESS.len() as u8];
    itself.extend_from_slice(ADDRESS);
    itself.extend_from_slice(&u32::from(port).to_be_bytes());
    answer.starts_with(&CORRELATION) && answer.windows(itself.len()).any(|part| part == itself)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_up_when_the_list_has_its_port() {
        // Correlation, one broker: node 1, host, port 9092, no rack.
        let mut answer = vec![0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 9];
        answer.extend_from_slice(b"127.0.0.1");
        answer.extend_from_slice(&[0, 0, 0x23, 0x84, 0xff, 0xff]);
        assert!(names(&answer, 9092));
        assert!(!names(&answer, 9094), "another node is in the list, this one is not");
        assert!(!names(&answer[1..], 9092), "an answer to something else");
        assert!(!names(&[], 9092));
    }
}
