//! What systemd is told of a service: that it is ready, that it lives, that it stops.
//!
//! In: the socket and the interval that systemd puts into the environment (`NOTIFY_SOCKET`, `WATCHDOG_USEC`). Out:
//! datagrams; without a socket nothing. A service that stands still is silent, and systemd starts it again.

use std::time::Duration;

use sd_notify::NotifyState;

/// Says that the service is ready, and from then on, twice an interval, that it lives, as long as `is_live` says so.
///
/// # Errors
/// When no thread can be started.
pub(crate) fn ready(is_live: impl Fn() -> bool + Send + 'static) -> anyhow::Result<()> {
    tell(NotifyState::Ready);
    let Some(interval) = sd_notify::watchdog_enabled().filter(|interval| *interval > Duration::ZERO) else {
        return Ok(());
    };
    std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        loop {
            if is_live() {
                tell(NotifyState::Watchdog);
            }
            std::thread::sleep(interval / 2);
        }
    })?;
    Ok(())
}

/// Says that the service stops, which may take as long as its deadline.
pub(crate) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd cannot be told how the service is");
    }
}
