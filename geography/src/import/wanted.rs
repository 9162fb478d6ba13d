//! Which layers the operator wants.
//!
//! In: the name given with `--layer`, and those that there are. Out: whether one is meant: by its whole name, by
//! its name without folders, or without extension too, in any case of letters.

/// The layer that was asked for; all of them where none was.
pub(super) struct Wanted<'n>(pub(super) Option<&'n str>);

impl Wanted<'_> {
    /// Whether a layer of this name is meant.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.0.is_none_or(|wanted| {
            [name, file_name(name), stem(name)].iter().any(|form| form.eq_ignore_ascii_case(wanted))
        })
    }
}

/// A name without folders.
pub(super) fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// A file's name without folders and extension.
pub(super) fn stem(name: &str) -> &str {
    without_extension(file_name(name))
}

/// A name without extension.
pub(super) fn without_extension(name: &str) -> &str {
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    plain.rsplit_once('.').map_or(plain, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn a_layer_goes_by_its_name_with_or_without_folder_and_extension() {
        for wanted in ["a/N03-20250101.geojson", "N03-20250101.geojson", "n03-20250101", "A\\n03"] {
            let takes = |name| Wanted(Some(wanted)).takes(name);
            let own = if wanted.contains('\\') { "a\\N03" } else { "a/N03-20250101.geojson" };
            assert!(takes(own) && !takes("a/N03-20240101.geojson"), "{wanted}");
        }
        assert!(Wanted(None).takes("anything"));
    }
}
