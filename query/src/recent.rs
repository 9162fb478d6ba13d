//! Answers that were just given.
//!
//! In: a job, and what became of it. Out: the same again for the same job, without a worker, as long as its release is
//! the one that is read. A release never changes, so that an answer of it stays right; what a question tells that
//! changes by itself, such as the time or who asks, is not remembered. An answer is remembered for a scope and not for
//! a person: who sees the same is told the same.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use ring::digest;

use crate::job::{Job, Place, Step, Told};

/// Bytes of all answers together.
const MOST_BYTES: usize = 64 << 20;
/// Bytes of one.
const LARGEST: usize = 256 << 10;
/// What remembering one costs beside its bytes.
const OVERHEAD: usize = 1 << 10;

/// Words of questions whose answer changes by itself, or with who asks. A word too many only costs time. A named question that reads
/// what changes is one of them, since it may be asked as a function.
const CHANGING: [&str; 35] = [
    "age",
    "audit",
    "clock_timestamp",
    "current_catalog",
    "current_date",
    "current_role",
    "current_setting",
    "current_time",
    "current_timestamp",
    "current_user",
    "delivery_quality",
    "delivery_rejects",
    "describe",
    "explain",
    "kpi_targets",
    "localtime",
    "localtimestamp",
    "now",
    "pg_backend_pid",
    "pg_postmaster_start_time",
    "pg_stat_activity",
    "rand",
    "random",
    "session_user",
    "set_config",
    "show",
    "statement_timestamp",
    "targets",
    "timeofday",
    "today",
    "transaction_timestamp",
    "txid_current",
    "user",
    "uuid",
    "version",
];

/// Whether a question's answer changes by itself.
pub(crate) fn changes_by_itself(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| CHANGING.contains(&word))
}

/// What tells two jobs apart.
pub(crate) type Key = [u8; 32];

/// What was told, by the job.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    told: HashMap<Key, (Told, Vec<u8>)>,
    order: VecDeque<Key>,
    bytes: usize,
}

/// The key of a job that reads one release; `None` for one that is asked anew each time.
pub(crate) fn key(job: &Job, values: &[u8]) -> Option<Key> {
    let asked = &job.asked;
    asked.revision()?;
    if changes_by_itself(asked.text()) {
        return None;
    }
    let told = serde_json::to_vec(&(asked.door(), asked.who().scope(), asked.settings(), job.task)).ok()?;
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [told.as_slice(), asked.text().as_bytes(), values] {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part);
    }
    let mut key = Key::default();
    key.copy_from_slice(context.finish().as_ref());
    Some(key)
}

impl Recent {
    /// What was told of a job.
    pub(crate) fn find(&self, key: &Key) -> Option<(Told, Vec<u8>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).told.get(key).cloned()
    }

    /// Remembers what was told, when it is small and right for everybody of the scope.
    pub(crate) fn keep(&self, key: Key, told: &Told, bytes: &[u8]) {
        let in_message = |step: &Step| matches!(step, Step::Rows { place: Place::Message { .. }, .. });
        let is_kept = match told {
            Told::Answered(steps) => steps.iter().all(in_message) && !steps.is_empty(),
            Told::Described(description) => {
                description.as_ref().is_some_and(|description| description.command.is_none())
            }
            Told::Refused(_) => false,
        };
        if !is_kept || bytes.len() > LARGEST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.told.insert(key, (told.clone(), bytes.to_vec())).is_none() {
            kept.order.push_back(key);
            kept.bytes += bytes.len() + OVERHEAD;
        }
        while kept.bytes > MOST_BYTES
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some((_, bytes)) = kept.told.remove(&oldest) {
                kept.bytes -= bytes.len() + OVERHEAD;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::ask::{Asked, Asker, Door};
    use crate::desk::{Role, Scope};
    use crate::job::{Form, Task};
    use crate::purpose::Purpose;
    use crate::questions::Question;
    use crate::session::SessionSettings;

    fn job(who: Asker, text: &str, revision: u64) -> Job {
        let asked = Asked::new(who, Door::Postgres, text);
        let asked = asked.with_settings(SessionSettings::default().reading(revision));
        Job { asked, task: Task::Answer(Form::Rows), spill: PathBuf::new(), answer_bytes: 1 }
    }

    fn person(name: &str, area: &str) -> Asker {
        let scope = Scope::new(Role::Analyst, &[area.to_owned()], &[]).unwrap();
        Asker::Person { name: name.to_owned(), scope }
    }

    #[test]
    fn only_who_sees_the_same_of_the_same_release_is_told_the_same() {
        let of = |who, text: &str, revision| key(&job(who, text, revision), &[]).unwrap();
        let (taro, jiro) = (person("taro", "20"), person("jiro", "20"));
        assert_eq!(of(taro.clone(), "SELECT 1", 1), of(jiro, "SELECT 1", 1));
        let others = [of(person("taro", "13"), "SELECT 1", 1), of(Asker::Anonymous, "SELECT 1", 1)];
        assert!(!others.contains(&of(taro.clone(), "SELECT 1", 1)));
        assert_ne!(of(taro.clone(), "SELECT 1", 1), of(taro.clone(), "SELECT 1", 2));
        assert_ne!(
            key(&job(taro.clone(), "SELECT $1", 1), b"a"),
            key(&job(taro.clone(), "SELECT $1", 1), b"b")
        );
        for text in ["SELECT now()", "select Current_User", "SHOW ALL", "SELECT random()"] {
            assert_eq!(key(&job(taro.clone(), text, 1), &[]), None, "{text}");
        }
        let unpinned = Asked::new(taro, Door::Http, "SELECT 1");
        let unpinned = Job { asked: unpinned, task: Task::Describe, spill: PathBuf::new(), answer_bytes: 1 };
        assert_eq!(key(&unpinned, &[]), None);
    }

    #[test]
    fn a_named_question_that_reads_what_changes_is_asked_anew_as_a_function_too() {
        let changes = ["audit", "delivery_quality", "delivery_rejects", "kpi_targets"];
        let all = Question::known().unwrap();
        let reading =
            all.iter().filter(|one| changes.iter().any(|table| one.example_sql().unwrap().contains(table)));
        let names: Vec<String> = reading.map(|one| one.name.replace('-', "_")).collect();
        assert!(!names.is_empty());
        for name in names {
            assert!(changes_by_itself(&format!("SELECT * FROM {name}('20214')")), "{name}");
        }
    }

    #[test]
    fn refusals_and_files_are_not_remembered_and_the_oldest_go_first() {
        let recent = Recent::default();
        let rows = |place| Told::Answered(vec![Step::Rows { rows: 1, place, purpose: Purpose::Answer }]);
        recent.keep([1; 32], &rows(Place::File { number: 0, bytes: 9 }), &[]);
        recent.keep([2; 32], &Told::Answered(Vec::new()), &[]);
        assert!(recent.find(&[1; 32]).is_none() && recent.find(&[2; 32]).is_none());
        let large = vec![0; LARGEST];
        for number in 0..(MOST_BYTES / LARGEST + 2) {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_le_bytes());
            recent.keep(key, &rows(Place::Message { bytes: LARGEST }), &large);
        }
        assert!(recent.find(&[0; 32]).is_none(), "the first has gone");
    }
}
