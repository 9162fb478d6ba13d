//! Lines of a text stream, with a bound on each.
//!
//! In: any `BufRead`. Out: lines without their line break. A line over the limit is passed over, not kept, so
//! that one endless record cannot fill the memory.

use std::io::BufRead;

/// Appends the next line to `bytes`. `None` at the end of the input, else whether the line fits the limit
/// (when it does not, nothing is appended).
pub(crate) fn read_line(
    input: &mut dyn BufRead,
    bytes: &mut Vec<u8>,
    limit: usize,
) -> std::io::Result<Option<bool>> {
    let start = bytes.len();
    let fits = read_until(input, bytes, limit, |byte| byte == b'\n')?;
    if bytes.len() > start && bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(fits)
}

/// As [`read_line`], for lines that any byte which `is_break` ends; nothing else is taken off them.
pub(crate) fn read_until(
    input: &mut dyn BufRead,
    bytes: &mut Vec<u8>,
    limit: usize,
    is_break: impl Fn(u8) -> bool,
) -> std::io::Result<Option<bool>> {
    let start = bytes.len();
    let (mut any, mut fits) = (false, true);
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if available.is_empty() {
            break;
        }
        any = true;
        // Taken from what is buffered, not line by line: a line may be longer than the buffer.
        let newline = available.iter().position(|byte| is_break(*byte));
        let taken = newline.unwrap_or(available.len());
        fits &= bytes.len() - start + taken <= limit;
        if fits {
            bytes.extend_from_slice(&available[..taken]);
        }
        input.consume(taken + usize::from(newline.is_some()));
        if newline.is_some() {
            break;
        }
    }
    if !fits {
        bytes.truncate(start);
    }
    Ok(any.then_some(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_over_the_limit_costs_only_itself() {
        let text = [b"one\r\n".to_vec(), vec![b'x'; 5000], b"\n\nlast".to_vec()].concat();
        let mut input = std::io::BufReader::with_capacity(16, text.as_slice());
        let mut lines = Vec::new();
        let mut bytes = Vec::new();
        while let Some(fits) = read_line(&mut input, &mut bytes, 100).unwrap() {
            lines.push((fits, String::from_utf8(std::mem::take(&mut bytes)).unwrap()));
        }
        let expected = [(true, "one"), (false, ""), (true, ""), (true, "last")];
        assert_eq!(lines, expected.map(|(fits, line)| (fits, line.to_owned())));
    }
}
