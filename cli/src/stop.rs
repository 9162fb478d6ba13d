//! Stopping on Ctrl-C or SIGTERM.
//!
//! In: signals. Out: a flag for threads, a future for tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{self, SignalKind};
use tokio::sync::oneshot;

use crate::screen::note;
use crate::supervisor;

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

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
    supervisor::stopping();
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

/// Signals end the process as long as this lives; after it they are left to whoever listens next.
pub(crate) struct EndsOnSignal {
    _over: oneshot::Sender<()>,
}

/// Calls `last` on Ctrl-C or SIGTERM, and ends the process as a shell expects it. Signals count from the moment
/// this returns.
///
/// # Errors
/// When the system takes no handler.
pub(crate) fn end_on_signal(last: impl FnOnce() + Send + 'static) -> anyhow::Result<EndsOnSignal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let entered = runtime.enter();
    let mut interrupt = unix::signal(SignalKind::interrupt())?;
    let mut terminate = unix::signal(SignalKind::terminate())?;
    drop(entered);
    let (over, is_over) = oneshot::channel();
    std::thread::spawn(move || {
        let is_signal = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => true,
                _ = terminate.recv() => true,
                _ = is_over => false,
            }
        });
        if is_signal {
            last();
            std::process::exit(INTERRUPTED);
        }
    });
    Ok(EndsOnSignal { _over: over })
}
