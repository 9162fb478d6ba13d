//! The columns that the books list are those of the program, word for word.
//!
//! In: `columns.md` of both books, and what `kayoi schema --markdown` prints. Out: the first line in which they differ. The
//! pages are committed, so that they can be read without a program; `KAYOI_REWRITE_ANSWERS` writes them anew.

use super::walked::{REWRITE, is_rewriting};
use crate::kayoi::run;
use crate::repository;

#[test]
fn the_pages_of_columns_are_what_the_program_prints() {
    for language in ["en", "ja"] {
        let path = format!("docs/{language}/src/columns.md");
        let printed = run(&["schema", "--markdown", "--lang", language]);
        if is_rewriting() {
            std::fs::write(repository::root().join(&path), &printed).unwrap();
        }
        let page = repository::read(&path);
        let differ = page.lines().zip(printed.lines()).find(|(written, said)| written != said);
        assert!(
            page == printed,
            "`{path}` is not what the program prints, first at {differ:?}\n\
             hint: kayoi schema --markdown --lang {language} > {path}, or this test with {REWRITE}=1"
        );
    }
}
