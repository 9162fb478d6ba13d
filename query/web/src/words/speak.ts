// Words in two languages.
//
// In: two objects of one type, so that a word that one language lacks is an error of types. Out: the words of the
// language that is looked at. Each page and component keeps its own, beside itself; what several of them say is in
// `shared.ts`. What the server says (names of states, sentences, titles, explanations of columns) is not said again here.

import { here } from '../place/place.svelte'

/** Words of one kind in both languages. */
export interface Both<Words> {
  ja: Words
  en: Words
}

/** The words of the language of the page. Used inside `$derived`, it follows the language. */
export function speak<Words>(both: Both<Words>): Words {
  return both[here.language]
}
