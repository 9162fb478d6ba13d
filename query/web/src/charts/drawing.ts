// What the whole chart tells each of its panels.
//
// In: nothing. Out: a type, apart from the panels and from what puts them together, so that neither imports the other for it.

import type { Language } from '../place/address'

/** What a panel must know beside its marks. */
export interface Drawing {
  width: number
  height: number
  language: Language
  /** The id of the pattern of what has no value. */
  hatch: string
  stateWord: (status: string) => string
  /** The months of all panels, so that months stand below each other. */
  along: string[]
}
