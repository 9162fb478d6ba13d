// The title of the window.
//
// In: what a page is about, the most particular first. Out: the text of `<title>`, which ends with the name of the
// site, so that a row of tabs and a list of bookmarks say which town each is.

/** The name of the site, which is the same in both languages. */
const SITE = '通い Kayoi'

/** `茅野市 | 通い Kayoi`; of the landing page, which has no part, the name alone. */
export function pageTitle(...parts: (string | undefined)[]): string {
  return [...parts, SITE].filter((part) => part !== undefined && part !== '').join(' | ')
}
