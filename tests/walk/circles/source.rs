//! The modules of a crate, read from its sources.
//!
//! In: the texts of a crate's files. Out: for each module what it defines, what it imports, and every path
//! that its code names. Sources are read as tokens, so that a path in a comment or a text counts for nothing;
//! what only tests see is left out. Names that a macro puts together are not seen.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What gives the text of a file by its path below `src`; `None` when there is no such file.
pub type TextOf<'t> = dyn Fn(&str) -> Option<String> + 't;

/// A name that `use` brings into a module.
#[derive(Debug)]
pub struct Import {
    pub path: Vec<String>,
    /// What it is called in the module; `None` for everything that the path holds (`*`).
    pub name: Option<String>,
    /// Whether it is passed on to others (`pub use`).
    pub is_passed_on: bool,
}

/// A module, in a file of its own or between braces.
#[derive(Debug, Default)]
pub struct Module {
    /// Path below `src`.
    pub file: String,
    pub parent: Option<usize>,
    pub children: BTreeMap<String, usize>,
    /// Names of what it defines.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Every path that its code names; a lone name is a path of one.
    pub paths: BTreeSet<Vec<String>>,
}

/// The modules of a crate, each before those that it declares.
pub fn modules(text_of: &TextOf) -> Vec<Module> {
    let mut reader = Reader { text_of, modules: Vec::new() };
    for root in ["lib.rs", "main.rs"] {
        if let Some(text) = text_of(root) {
            let module = reader.add(root, None);
            reader.read(Place { module, folder: "" }, &text);
        }
    }
    reader.modules
}

/// A module that is being read, and the folder of the files that it declares.
#[derive(Clone, Copy)]
struct Place<'p> {
    module: usize,
    folder: &'p str,
}

/// Where tokens stand.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    /// Directly in a module: what is defined here has a path.
    Module,
    /// In the rules of a macro, which may define anything for their module.
    Macro,
    /// In the body of an item.
    Body,
}

/// Words before the name of what they define.
const DEFINING: [&str; 9] =
    ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];

struct Reader<'t> {
    text_of: &'t TextOf<'t>,
    modules: Vec<Module>,
}

impl Reader<'_> {
    fn add(&mut self, file: &str, parent: Option<usize>) -> usize {
        self.modules.push(Module { file: file.to_owned(), parent, ..Module::default() });
        self.modules.len() - 1
    }

    fn read(&mut self, place: Place, text: &str) {
        let file = &self.modules[place.module].file;
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("`{file}`: {error}"));
        self.scan(place, tokens, Level::Module);
    }

    fn scan(&mut self, place: Place, tokens: TokenStream, level: Level) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at = match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => past_attribute(&tokens, at, level),
                TokenTree::Ident(word) => self.word(place, &word.to_string(), &tokens, at, level),
                TokenTree::Group(group) => {
                    let is_of_macro = level == Level::Macro || is_macro(&tokens[..at]);
                    let inner = if is_of_macro { Level::Macro } else { Level::Body };
                    self.scan(place, group.stream(), inner);
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Takes in a word with what belongs to it, and says where to go on.
    fn word(&mut self, place: Place, word: &str, tokens: &[TokenTree], at: usize, level: Level) -> usize {
        match (word, tokens.get(at + 1)) {
            ("use", Some(next)) if !is_mark(next, '<') => {
                let end = (at..tokens.len()).find(|&end| is_mark(&tokens[end], ';')).unwrap_or(tokens.len());
                let imports = &mut self.modules[place.module].imports;
                add_imports(&tokens[at + 1..end], &[], is_public(&tokens[..at]), imports);
                return end;
            }
            ("mod", Some(TokenTree::Ident(name))) if level == Level::Module => {
                self.child(place, &name.to_string(), tokens.get(at + 2));
                return at + 3;
            }
            _ => {}
        }
        let module = &mut self.modules[place.module];
        if level != Level::Body && DEFINING.contains(&word) {
            let name = tokens[at + 1..].iter().find(|token| !is_mark(token, '!'));
            module.items.extend(name.map(ToString::to_string));
        }
        let (path, end) = path(tokens, at);
        if !is_member(&tokens[..at]) {
            module.paths.insert(path);
        }
        end
    }

    /// A module that another declares, with its body between braces or in a file.
    fn child(&mut self, parent: Place, name: &str, body: Option<&TokenTree>) {
        let folder = format!("{}{name}/", parent.folder);
        let files = [format!("{}{name}.rs", parent.folder), format!("{folder}mod.rs")];
        if let Some(TokenTree::Group(body)) = body {
            let file = self.modules[parent.module].file.clone();
            let module = self.declared(parent, name, &file);
            self.scan(Place { module, folder: &folder }, body.stream(), Level::Module);
        } else if let Some((file, text)) =
            files.iter().find_map(|file| Some((file, (self.text_of)(file.as_str())?)))
        {
            let module = self.declared(parent, name, file);
            self.read(Place { module, folder: &folder }, &text);
        }
    }

    fn declared(&mut self, parent: Place, name: &str, file: &str) -> usize {
        let child = self.add(file, Some(parent.module));
        self.modules[parent.module].children.insert(name.to_owned(), child);
        child
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether the tokens before a body are `macro_rules! name`.
fn is_macro(before: &[TokenTree]) -> bool {
    matches!(before, [.., rules, mark, TokenTree::Ident(_)] if is_word(rules, "macro_rules") && is_mark(mark, '!'))
}

/// Whether the tokens before an item end with `pub` or `pub(…)`.
fn is_public(before: &[TokenTree]) -> bool {
    match before {
        [.., word, TokenTree::Group(_)] | [.., word] => is_word(word, "pub"),
        [] => false,
    }
}

/// Whether the tokens before a word make it a field or a method.
fn is_member(before: &[TokenTree]) -> bool {
    match before {
        [.., first, second] => is_mark(second, '.') && !is_mark(first, '.'),
        _ => false,
    }
}

/// Past an attribute, and past what it stands on when that is for tests only.
fn past_attribute(tokens: &[TokenTree], at: usize, level: Level) -> usize {
    let text: String = tokens.get(at + 1).map(ToString::to_string).unwrap_or_default();
    let text: String = text.split_whitespace().collect();
    let is_for_tests = ["[test]", "[cfg(test)", "[cfg(all(test"].iter().any(|start| text.starts_with(start));
    let after = (at + 2).min(tokens.len());
    if !is_for_tests {
        return after;
    }
    // `use` has its braces before its semicolon, a field ends with a comma.
    let is_use = tokens[after..].iter().take(3).any(|token| is_word(token, "use"));
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use,
        token => is_mark(token, ';') || (level != Level::Module && is_mark(token, ',')),
    };
    tokens[after..].iter().position(is_end).map_or(tokens.len(), |end| after + end + 1)
}

/// The path that begins at a word, and where it ends.
fn path(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[start].to_string()];
    let mut at = start + 1;
    while let [first, second, TokenTree::Ident(word), ..] = &tokens[at..]
        && is_mark(first, ':')
        && is_mark(second, ':')
    {
        path.push(word.to_string());
        at += 3;
    }
    (path, at)
}

/// What a `use` brings in, branch by branch of its tree.
fn add_imports(tree: &[TokenTree], before: &[String], is_passed_on: bool, imports: &mut Vec<Import>) {
    for branch in tree.split(|token| is_mark(token, ',')).filter(|branch| !branch.is_empty()) {
        let mut path = before.to_vec();
        let mut name = None;
        let mut tokens = branch.iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "as" => name = tokens.next().map(ToString::to_string),
                // `{self}` is what stands before the braces.
                TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                TokenTree::Ident(word) => path.push(word.to_string()),
                _ => {}
            }
        }
        match branch.last() {
            Some(TokenTree::Group(group)) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                add_imports(&inner, &path, is_passed_on, imports);
            }
            Some(TokenTree::Punct(_)) => imports.push(Import { path, name: None, is_passed_on }),
            _ => {
                let name = name.or_else(|| path.last().cloned());
                imports.push(Import { path, name, is_passed_on });
            }
        }
    }
}
