//! The clock, the only place that asks what time it is.
//!
//! In: the machine's clock, or an instant that a test or a replay fixes. Out: now.

use super::instant::UtcMillis;

/// The time now. Everything that needs the present takes a `Clock`, so that a test or a replay can fix it.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant.
    Fixed(UtcMillis),
}

impl Clock {
    /// Reads the clock.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else takes")]
    pub fn now(self) -> UtcMillis {
        match self {
            Self::Fixed(instant) => instant,
            Self::System => {
                let since =
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                UtcMillis(since.as_millis() as i64)
            }
        }
    }
}
