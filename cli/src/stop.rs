//! Stopping on Ctrl-C or SIGTERM.
//!
//! In: signals. Out: a flag for threads, a future for tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Waits for Ctrl-C or SIGTERM.
pub async fn signal() {
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
pub fn flag() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(signal());
        set.store(true, Ordering::Relaxed);
    });
    Ok(flag)
}
