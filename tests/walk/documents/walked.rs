//! Runs what a page shows, block by block, and keeps what failed.
//!
//! In: a page and its ground. Out: failures, all of them, because a reader of the test mends them in one go.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::not_run::NOT_RUN;
use super::page::Page;
use super::{parser, shell};

/// Set, the answers that pages show are replaced by what they are now.
pub const REWRITE: &str = "KAYOI_REWRITE_ANSWERS";

/// Whether [`REWRITE`] is set.
pub fn is_rewriting() -> bool {
    std::env::var_os(REWRITE).is_some()
}

/// What the pages show, run.
#[derive(Default)]
pub struct Walked {
    /// What failed, with the page and the reason.
    pub failed: Vec<String>,
    /// Commands that are only read by the parser.
    pub left_out: BTreeSet<String>,
}

impl Walked {
    /// Runs the commands of a page in their order.
    pub fn run(&mut self, page: &Page, ground: &mut Ground<'_>) {
        for block in page.blocks() {
            match block.language.as_str() {
                "sh" | "console" => {
                    for command in shell::commands(&block.language, &block.text) {
                        let outcome = self.command(&command, ground);
                        self.note(page, &command, outcome);
                    }
                }
                // A picture, what was printed, or a question, which is asked apart.
                "text" | "sql" => {}
                "json" => self.note(page, &block.text, ground.records(&block.text)),
                "toml" => self.note(page, &block.text, ground.configuration(&block.text)),
                "python" => self.note(page, &block.text, ground.python(&block.text)),
                other => self.note(page, other, Err("no test knows what such a block is".to_owned())),
            }
        }
    }

    fn command(&mut self, command: &str, ground: &mut Ground<'_>) -> Result<(), String> {
        if NOT_RUN.iter().any(|(listed, _)| *listed == command) {
            self.left_out.insert(command.to_owned());
            return parser::parse(&shell::words(command));
        }
        ground.run(command)
    }

    /// Asks the questions of a page and compares the answers that it shows, unless they are about to be
    /// written anew.
    pub fn ask(&mut self, page: &Page, ground: &mut Ground<'_>) -> Vec<String> {
        let mut answers = Vec::new();
        for (question, shown) in page.questions() {
            let answer = ground.question(&question);
            let is_other =
                |answer: &String| !is_rewriting() && shown.as_ref().is_some_and(|shown| shown != answer);
            answers.push(answer.clone().unwrap_or_default());
            let outcome = match answer {
                Ok(answer) if is_other(&answer) => Err(format!("the answer is now\n{answer}")),
                other => other.map(drop),
            };
            self.note(page, &question, outcome);
        }
        answers
    }

    fn note(&mut self, page: &Page, what: &str, outcome: Result<(), String>) {
        self.failed.extend(outcome.err().map(|why| format!("{}: {what}\n{why}", page.path)));
    }
}
