//! A page of Markdown, as far as the tests need it.
//!
//! In: a path from the root. Out: fenced blocks, code words, links and headings. The fences are read by hand,
//! because pages here use one kind of fence and the reader of this test should see what counts as a command.

use std::collections::BTreeSet;

use crate::repository;

/// A page.
pub struct Page {
    /// Path from the root of the repository.
    pub path: String,
    text: String,
}

/// A fenced block.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// The word after the fence, `sh` for a command.
    pub language: String,
    /// What stands between the fences.
    pub text: String,
}

impl Page {
    /// Reads a page.
    pub fn read(path: &str) -> Self {
        Self { path: path.to_owned(), text: repository::read(path) }
    }

    /// The fenced blocks, in their order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for line in self.text.lines() {
            match (line.trim_start().strip_prefix("```"), is_open) {
                (Some(language), false) => {
                    blocks.push(Block { language: language.trim().to_owned(), text: String::new() });
                    is_open = true;
                }
                (Some(_), true) => is_open = false,
                (None, true) => blocks.iter_mut().last().unwrap().text += &format!("{line}\n"),
                (None, false) => {}
            }
        }
        assert!(!is_open, "{}: a fence is not closed", self.path);
        blocks
    }

    /// The questions in SQL, each with the answer that is shown below it.
    pub fn questions(&self) -> Vec<(String, Option<String>)> {
        let blocks = self.blocks();
        let asked = blocks.iter().enumerate().filter(|(_, block)| block.language == "sql");
        let shown = |at: usize| blocks.get(at + 1).filter(|next| next.language == "text");
        asked.map(|(at, block)| (block.text.clone(), shown(at).map(|next| next.text.clone()))).collect()
    }

    /// Writes the page with other answers, in the order of its questions.
    pub fn rewrite(&self, answers: &[String]) {
        let mut text = self.text.clone();
        let mut from = 0;
        for ((question, shown), answer) in self.questions().iter().zip(answers) {
            from += text[from..].find(question).unwrap() + question.len();
            if let Some(shown) = shown {
                let fence = "```text\n";
                from += text[from..].find(fence).unwrap() + fence.len();
                text.replace_range(from..from + shown.len(), answer);
            }
        }
        std::fs::write(repository::root().join(&self.path), text).unwrap();
    }

    /// The lines outside of fences.
    fn prose(&self) -> String {
        let mut is_open = false;
        let is_prose = |line: &&str| {
            let is_fence = line.trim_start().starts_with("```");
            is_open ^= is_fence;
            !is_open && !is_fence
        };
        self.text.lines().filter(is_prose).map(|line| format!("{line}\n")).collect()
    }

    /// What stands between backticks, outside of fences. A line end in it is a space.
    pub fn code_words(&self) -> Vec<String> {
        let prose = self.prose();
        let marks = prose.matches('`').count();
        assert!(marks.is_multiple_of(2), "{}: an odd number of backticks", self.path);
        prose.split('`').skip(1).step_by(2).map(|word| word.replace('\n', " ")).collect()
    }

    /// The targets of links, as they are written.
    pub fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let without_code: String = prose.split('`').step_by(2).collect();
        let targets = without_code.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.map(|(target, _)| target.to_owned()).collect()
    }

    /// The headings, as a link names them after `#`.
    pub fn anchors(&self) -> BTreeSet<String> {
        let prose = self.prose();
        prose.lines().filter(|line| line.starts_with('#')).map(anchor).collect()
    }
}

/// A heading as GitHub and mdBook make a link of it: lower case, spaces as hyphens, punctuation gone.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn a_page_is_read_as_its_reader_sees_it() {
    let text = "# One `two`, three\nSee [a](b.md#c) and `[no](x)`.\n```sh\nls # `\n```\nmore\n";
    let page = Page { path: "here".to_owned(), text: text.to_owned() };
    let block = Block { language: "sh".to_owned(), text: "ls # `\n".to_owned() };
    assert_eq!(page.blocks(), [block]);
    assert_eq!(page.code_words(), ["two", "[no](x)"]);
    assert_eq!(page.links(), ["b.md#c"]);
    assert_eq!(page.anchors(), BTreeSet::from(["one-two-three".to_owned()]));
    assert_eq!(anchor("## 秘匿とは何か?"), "秘匿とは何か");
}
