// What is told of a term on its page, as types.
//
// In: nothing. Out: the shape that the words of both languages fill; a term that one of them lacks is an error of types.

import type { TermName } from './names'

export interface Long {
  /** How it is worked out: conditions, or steps, one a line. */
  rule: string[]
  /** Where the numbers are from, official practice first. */
  basis: string[]
  /** What a reader may get wrong. */
  mind: string[]
}

export type LongWords = Record<TermName, Long>

/** Terms of `views.ja.ts` and `views.en.ts`. */
export type ViewTerm =
  | 'origin'
  | 'stay'
  | 'presence'
  | 'flow'
  | 'cell'
  | 'lift'
  | 'change'
  | 'rank'
  | 'peers'
  | 'trial'
  | 'boundaries'
