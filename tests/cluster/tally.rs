//! What a campaign of faults did, for whoever reads its log.
//!
//! In: each fault, and the end of each round. Out: a table of kinds and how often each was done, in clear and with TLS, and what
//! was taken over and handed out again. It is printed when all rounds have ended with the bytes of one machine.

use std::collections::BTreeMap;
use std::fmt;

use crate::cluster::Speech;
use crate::faults::Fault;
use crate::world::BUCKETS;

/// Figures of the rounds so far.
#[derive(Default)]
pub struct Tally {
    faults: BTreeMap<String, [usize; 2]>,
    rounds: [usize; 2],
    resumed: u64,
    handed_out_again: u64,
}

fn place(speech: Speech) -> usize {
    usize::from(speech == Speech::Tls)
}

impl Tally {
    /// Faults so far.
    pub fn faults(&self) -> usize {
        self.faults.values().flatten().sum()
    }

    /// A fault was done.
    pub fn fault(&mut self, fault: Fault, speech: Speech) {
        self.faults.entry(format!("{fault:?}")).or_default()[place(speech)] += 1;
    }

    /// A round has ended as it should: so many buckets were taken over by its last driver, and handed out again by it.
    pub fn round(&mut self, speech: Speech, resumed: u64, handed_out_again: u64) {
        self.rounds[place(speech)] += 1;
        self.resumed += resumed;
        self.handed_out_again += handed_out_again;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [clear, tls] = self.rounds;
        writeln!(f, "{:<22}{:>9}{:>9}", "fault", "in clear", "with TLS")?;
        for (fault, [clear, tls]) in &self.faults {
            writeln!(f, "{fault:<22}{clear:>9}{tls:>9}")?;
        }
        writeln!(f, "{:<22}{clear:>9}{tls:>9}", "rounds")?;
        write!(
            f,
            "{} faults of {} kinds in {} rounds of {BUCKETS} buckets: {} buckets taken over, {} handed out again, none lost, none twice",
            self.faults(),
            self.faults.len(),
            clear + tls,
            self.resumed,
            self.handed_out_again
        )
    }
}
