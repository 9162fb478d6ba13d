//! Stopping on Ctrl-C or SIGTERM.
//!
//! In: signals. Out: a flag for threads, a future for tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::screen::note;

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// A flag that a signal sets.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(signal());
        set.store(true, Ordering::Relaxed);
    });
    Ok(flag)
}

/// A flag that a signal sets; when the work has not ended `deadline` after it, or at a second signal, the
/// process ends as it stands. Nothing is lost by that: what was not committed is read again at the next
/// start.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn flag_within(deadline: Duration) -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            signal().await;
            set.store(true, Ordering::Relaxed);
            tokio::select! {
                () = signal() => {}
                () = tokio::time::sleep(deadline) => {}
            }
        });
        note("stopped before everything that was read is committed; it is read again at the next start");
        std::process::exit(1);
    });
    Ok(flag)
}
