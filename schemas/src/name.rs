//! What partners, jobs and topics may be called.
//!
//! In: a name. Out: whether it may stand in paths, names of consumer groups and labels of metrics, which is where it ends
//! up.

/// Letters of the longest name that Kafka takes for a topic; ours are no longer.
pub const LONGEST_NAME: usize = 249;

/// Whether it is 1 to [`LONGEST_NAME`] letters, digits, `.`, `_` and `-`, and more than dots.
pub fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !matches!(name, "" | "." | "..") && name.len() <= LONGEST_NAME && name.bytes().all(is_plain)
}
