#!/usr/bin/env python3
"""Looks at the built books: does each link of each page lead to something?

In: the folder that `make docs` fills. Out: links and pictures that lead nowhere, pages that a book lacks, and exit code 1 when
there are some. The test of the documents looks at the same links in Markdown; this one sees what a reader of the book gets,
after mdBook has made its own anchors and file names. What leads out of the book is compared with the checkout.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "ja")


class Page(HTMLParser):
    """What a page leads to, and what can be led to in it."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes names and links."""
        for name, value in attrs:
            if value and name == "id":
                self.anchors.add(value)
            if value and (tag, name) in {("a", "href"), ("img", "src")}:
                self.links.append(value)


def leads(folder: Path, page: Path, link: str, pages: dict[Path, Page]) -> bool:
    """Whether a link of a page leads to a page with that anchor, or to a file of the checkout."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target in pages:
        return not parts.fragment or unquote(parts.fragment) in pages[target].anchors
    if target.is_relative_to(folder):
        return target.is_file()
    # As from docs/LANGUAGE/src, where the page was written: its files lie as deep as those of the book.
    outside = (ROOT / "docs" / folder.name / "src" / page.relative_to(folder).parent / unquote(parts.path)).resolve()
    return outside.exists()


def wrong(folder: Path) -> list[str]:
    """What is wrong with one book."""
    pages = {path.resolve(): Page(path) for path in sorted(folder.glob("*.html"))}
    written = {path.stem for path in (ROOT / "docs" / folder.name / "src").glob("*.md")} - {"SUMMARY"}
    lacking = sorted(written - {path.stem for path in pages})
    found = [f"{folder.name}/SUMMARY.md: {name}.md, which it does not name," for name in lacking]
    for path, page in pages.items():
        # The book as one page repeats the others; the page of a link that is wrong is no page of ours.
        if path.name in {"print.html", "404.html", "toc.html"}:
            continue
        found += [f"{folder.name}/{path.name}: {link}" for link in page.links if not leads(folder, path, link, pages)]
    return found


def main(built: Path) -> int:
    """Looks at both."""
    found = [line for language in LANGUAGES for line in wrong((built / language).resolve())]
    for line in found:
        print(f"book: {line} leads nowhere", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".kayoi/book")))
