// Headings of columns, as a table on the page has them.
//
// In: the name of a column. Out: its heading. The server's own explanations are whole sentences (`/v1/tables`); a heading
// must fit over a number. A column that nobody has named here keeps its own name.

import type { Language } from '../place/address'
import type { Words } from '../server/types'
import headings from './headings.json'

type Pair = [ja: string, en: string]

// The server reads the same file for the heads of sheets. A figure has a state and ends of an interval; the ends that are not
// called `<figure>_low` and `<figure>_high` name theirs.
const FIGURES = headings.figures as unknown as Record<string, Pair>
const OTHERS = headings.others as unknown as Record<string, Pair>
const ENDS: Record<string, string> = headings.ends

/** The heading of a column. */
export function columnWords(name: string): Words {
  const known = OTHERS[name] ?? FIGURES[name]
  if (known !== undefined) return { ja: known[0], en: known[1] }
  const end = /^(.*)_(low|high)(_percent)?$/.exec(name)
  if (end !== null) {
    const stem = end[1] ?? ''
    const figure = FIGURES[stem + (end[3] ?? '')] ?? FIGURES[ENDS[stem] ?? stem]
    const which = end[2] === 'low' ? { ja: '下限', en: 'low end' } : { ja: '上限', en: 'high end' }
    if (figure !== undefined) return { ja: `${figure[0]}・${which.ja}`, en: `${figure[1]}, ${which.en}` }
    return which
  }
  const status = /^(.*)_status$/.exec(name)
  const figure = status === null ? undefined : FIGURES[status[1] ?? '']
  if (figure !== undefined) return { ja: `${figure[0]}の状態`, en: `${figure[1]}, status` }
  return { ja: name, en: name }
}

/** The heading of a column in one language. */
export function columnName(name: string, language: Language): string {
  return columnWords(name)[language]
}

/** Columns whose numbers are years, codes or places in a list and so have no commas. */
export function isPlain(name: string): boolean {
  return /(_code|(^|_)year)$/.test(name) || ['hour', 'peer_rank', 'place', 'target_number'].includes(name)
}

/** Whether a column has figures, and not codes, classes or ends of intervals: an empty cell of it has a state. */
export function isFigure(name: string): boolean {
  return name in FIGURES
}
