//! A library that panics on a damaged file → an answer.
//!
//! In: a question to such a library. Out: its answer, or `None` when it panicked. What it would have printed
//! is not: it speaks of its own code, may hold what the file held, and the file's error says enough. The
//! library of Parquet takes some damages for defects of its own, such as a page that needs a dictionary which
//! is not there.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Asks; what was asked with must not be used again after `None`.
pub(super) fn guarded<T>(ask: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
    IS_GUARDED.set(true);
    let answer = catch_unwind(AssertUnwindSafe(ask));
    IS_GUARDED.set(false);
    answer.ok()
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_no_answer_and_an_answer_is_passed_on() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| Vec::<u8>::new()[1..].len()), None);
        assert_eq!(guarded(|| 2), Some(2));
    }
}
