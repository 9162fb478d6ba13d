//! Which file takes names from which.
//!
//! In: the modules of a crate. Out: arrows between its files. A name counts for the file that defines it,
//! found as the compiler does: by `crate`, `super` and `self`, by modules, imports and globs. So what a
//! `mod.rs` passes on with `pub use` makes no arrow to that `mod.rs`, and none out of it unless its own code
//! uses the name. Methods and fields, for which one would have to know types, are passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Import, Module};

/// The names that one file takes from another, by (from, to).
pub type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

/// Where a name leads.
#[derive(Clone, Copy)]
enum Found {
    Module(usize),
    /// Something that this module defines.
    ItemOf(usize),
}

/// More imports than any name goes through; it ends those that import each other.
const MOST_IMPORTS: usize = 16;

/// The arrows between the files of a crate.
pub fn arrows(modules: &[Module]) -> Arrows {
    let lookup = Lookup { modules };
    let mut arrows = Arrows::new();
    for (number, module) in modules.iter().enumerate() {
        let used = module.imports.iter().filter(|import| !import.is_passed_on && import.name.is_some());
        for path in used.map(|import| &import.path).chain(&module.paths) {
            let Some(Found::ItemOf(other)) = lookup.follow(number, path, 0) else { continue };
            let (from, to) = (&module.file, &modules[other].file);
            if from != to {
                arrows.entry((from.clone(), to.clone())).or_default().extend(path.last().cloned());
            }
        }
    }
    arrows
}

struct Lookup<'m> {
    modules: &'m [Module],
}

impl Lookup<'_> {
    /// Where a path leads that stands in a module; `None` for other crates and for local names.
    fn follow(&self, module: usize, path: &[String], imports: usize) -> Option<Found> {
        let mut found = Found::Module(module);
        for (at, name) in path.iter().enumerate() {
            let Found::Module(module) = found else {
                // What follows an item is its own: a variant or an associated function.
                break;
            };
            found = match name.as_str() {
                "crate" => Found::Module(self.root(module)),
                "self" => Found::Module(module),
                "super" => Found::Module(self.modules[module].parent?),
                name => self.named(module, name, at + 1 == path.len(), imports)?,
            };
        }
        Some(found)
    }

    /// What a name means in a module: what it defines, declares or imports. A function may have the name of a
    /// module, which is the one that is meant where the path goes on.
    fn named(&self, number: usize, name: &str, is_last: bool, imports: usize) -> Option<Found> {
        let module = &self.modules[number];
        if imports > MOST_IMPORTS {
            return None;
        }
        let item = module.items.contains(name).then_some(Found::ItemOf(number));
        let child = module.children.get(name).map(|child| Found::Module(*child));
        if let Some(own) = if is_last { item.or(child) } else { child.or(item) } {
            return Some(own);
        }
        let follow = |import: &Import| self.follow(number, &import.path, imports + 1);
        // `use csv;` names another crate, and would otherwise lead back to itself.
        let is_it = |import: &&Import| import.name.as_deref() == Some(name) && import.path != [name];
        let by_glob = |glob: &Import| match follow(glob)? {
            Found::Module(other) if other != number => self.named(other, name, is_last, imports + 1),
            _ => None,
        };
        module.imports.iter().filter(is_it).find_map(follow).or_else(|| {
            let mut globs = module.imports.iter().filter(|import| import.name.is_none());
            globs.find_map(by_glob)
        })
    }

    fn root(&self, module: usize) -> usize {
        self.modules[module].parent.map_or(module, |parent| self.root(parent))
    }
}
