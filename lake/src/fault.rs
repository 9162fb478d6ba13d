//! Fault points: named places between two steps where a test may stop, delay or fail the process.
//!
//! In: `KAYOI_FAULT`, as `before-commit=kill@2,side-file-written=hold:3000`. Out: nothing, an error, or the
//! end of the process. Points exist in builds with debug assertions only: a release build has no such switch.
//!
//! `kill` ends the process as a power cut would, `error` answers as a full disk would, `hold:MS` sleeps, as a
//! process that was suspended and wakes late. `@N` names the passage at which it happens, 1 by default.

use crate::error::LakeError;

/// Passes a fault point.
///
/// # Errors
/// [`LakeError::Io`] when the test asked for one.
#[inline]
pub fn point(name: &'static str) -> Result<(), LakeError> {
    #[cfg(debug_assertions)]
    return active::pass(name);
    #[cfg(not(debug_assertions))]
    {
        let _ = name;
        Ok(())
    }
}

#[cfg(debug_assertions)]
mod active {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use crate::error::LakeError;

    enum Action {
        Kill,
        Error,
        Hold(Duration),
    }

    struct Fault {
        name: String,
        action: Action,
        at: u64,
        passed: AtomicU64,
    }

    static FAULTS: OnceLock<Vec<Fault>> = OnceLock::new();

    fn faults() -> &'static [Fault] {
        FAULTS.get_or_init(|| {
            let text = std::env::var("KAYOI_FAULT").unwrap_or_default();
            text.split(',').filter_map(parse).collect()
        })
    }

    fn parse(text: &str) -> Option<Fault> {
        let (name, action) = text.split_once('=')?;
        let (action, at) = action.split_once('@').unwrap_or((action, "1"));
        let action = match action.split_once(':') {
            None if action == "kill" => Action::Kill,
            None if action == "error" => Action::Error,
            Some(("hold", milliseconds)) => Action::Hold(Duration::from_millis(milliseconds.parse().ok()?)),
            _ => return None,
        };
        Some(Fault { name: name.to_owned(), action, at: at.parse().ok()?, passed: AtomicU64::new(0) })
    }

    pub(super) fn pass(name: &'static str) -> Result<(), LakeError> {
        for fault in faults().iter().filter(|fault| fault.name == name) {
            if fault.passed.fetch_add(1, Ordering::SeqCst) + 1 != fault.at {
                continue;
            }
            match fault.action {
                Action::Kill => std::process::abort(),
                Action::Hold(time) => std::thread::sleep(time),
                Action::Error => {
                    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
                    return Err(LakeError::io(std::path::Path::new(name))(full));
                }
            }
        }
        Ok(())
    }
}
