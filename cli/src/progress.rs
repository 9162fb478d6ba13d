//! A progress bar on stderr, only on a terminal.
//!
//! In: shares of the work. Out: a bar for a person, nothing for a script. `NO_COLOR` is respected by drawing
//! no colour at all.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const STEPS: u64 = 1000;

/// A bar that shows a share and a text.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar with a title.
    pub(crate) fn new(title: &str) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(STEPS), target);
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:<12} [{bar:30}] {percent:>3} % {elapsed} {msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(title.to_owned());
        Self(bar)
    }

    /// Shows a share from 0 to 1.
    pub(crate) fn show(&self, share: f64, text: impl Into<String>) {
        self.0.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        self.0.set_message(text.into());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
