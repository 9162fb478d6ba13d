// With which month a table begins and ends, and what an answer's title says then.
//
// In: an answer. Out: the first and the newest month that its table has a row in, and the title with the months that there
// are. Fine tables may be younger than the release, or not made of its newest months yet: a month outside is not one that
// cannot be shown, and a span of months that reaches beyond has fewer. The first row of one town would not do, since a hidden figure may have no row. Tables are
// released in the order of their months, so that one row of them is enough.

import type { Language } from '../place/address'
import { firstRowAt, rowAt } from './rows'
import type { Answer, Row } from './types'

/** The table of figures that SQL reads, by the endings that those of the release have. */
export function tableOf(sql: string): string | undefined {
  return /\bFROM\s+([a-z_]+_(?:monthly|hourly|daily|yearly))\b/i.exec(sql)?.[1]
}

const known = new Map<string, Promise<string | undefined>>()

/** The month of a row; nothing where it cannot be had, since a page is whole without it. */
function monthAt(address: string): Promise<string | undefined> {
  let month = known.get(address)
  if (month === undefined) {
    month = rowAt(address).then(monthOf, () => {
      known.delete(address)
      return undefined
    })
    known.set(address, month)
  }
  return month
}

/** The first month of a table. */
export function beginOf(table: string, revision?: number): Promise<string | undefined> {
  return monthAt(firstRowAt(table, { month: 'all', revision }))
}

/** The newest final month of a table that has no row of that month at all. */
export async function endOf(table: string, month: string, revision?: number): Promise<string | undefined> {
  // Where that cannot be had nothing is said: a table that is there must not be called absent.
  const isThere = rowAt(firstRowAt(table, { month, revision })).then(
    (row) => row !== undefined,
    () => true,
  )
  const newest = await monthAt(firstRowAt(table, { revision }))
  return (await isThere) ? undefined : newest
}

/** The months of an answer's table, as far as they matter to it. */
export interface Span {
  begin?: string | undefined
  end?: string | undefined
}

/** The span of the table of an answer, of which the rows of a month may be missing. */
export async function spanOf(
  { sql, rows, parameters }: Pick<Answer, 'sql' | 'rows' | 'parameters'>,
  revision?: number,
): Promise<Span> {
  const [table, month] = [tableOf(sql), parameters['month']]
  if (table === undefined) return {}
  const begin = await beginOf(table, revision)
  const isEmpty = rows.length === 0 && month !== undefined && tooEarly(month, begin) === undefined
  return isEmpty ? { begin, end: await endOf(table, month, revision) } : { begin }
}

/** The spans of the tables of those answers that have fewer rows than they promise, by question. */
export async function spansOf(answers: Answer[], revision?: number): Promise<Record<string, Span>> {
  const isShort = (answer: Answer) =>
    tableOf(answer.sql) !== undefined && (answer.rows.length === 0 || mayBeShort(answer))
  const asked = answers.filter(isShort).map(async (one) => [one.name, await spanOf(one, revision)] as const)
  return Object.fromEntries(await Promise.all(asked))
}

function monthOf(row: Row | undefined): string | undefined {
  const day = row?.['month'] ?? row?.['date']
  return typeof day === 'string' ? day.slice(0, 7) : undefined
}

/** The month that is asked for and the one that the table begins with, where that is later. */
export function tooEarly(month: string | undefined, begin: string | undefined) {
  return month !== undefined && begin !== undefined && month < begin ? { month, begin } : undefined
}

/** The month that is asked for and the newest one of the table, where that is earlier. */
export function tooLate(month: string | undefined, end: string | undefined) {
  return month !== undefined && end !== undefined && month > end ? { month, end } : undefined
}

/** The spans that the server's titles say, and nothing else that is of so many months. */
const SPAN: Record<Language, RegExp> = {
  ja: /(直近|までの|。)(12|36)(か月)/,
  en: /(last |[.?!] )(12|36)( months)/i,
}

/** How many months a title promises. */
const promised = (title: string, language: Language) => Number(SPAN[language].exec(title)?.[2] ?? 0)

const count = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))

/** Whether the title may promise more months than there are; only then need anybody ask when the table begins. Rows of days
 * are few of many, and say nothing of months. */
export function mayBeShort({ title, rows }: Pick<Answer, 'title' | 'rows'>): boolean {
  const months = new Set(rows.map((row) => row['month']))
  return !months.has(undefined) && months.size < promised(title.ja, 'ja')
}

export function titleOf(
  { title, rows, parameters }: Pick<Answer, 'title' | 'rows' | 'parameters'>,
  language: Language,
  begin?: string,
): string {
  const months = rows.flatMap(({ month }) => (typeof month === 'string' ? [month.slice(0, 7)] : []))
  // The newest row of an answer without a month is of the newest month, or before it.
  const last = parameters['month'] ?? months.toSorted().at(-1)
  if (begin === undefined || last === undefined || begin > last) return title[language]
  const covered = count(last) - count(begin) + 1
  if (covered >= promised(title[language], language)) return title[language]
  const short = title[language].replace(SPAN[language], `$1${covered}$3`)
  return language === 'en' && covered === 1 ? short.replace('1 months', '1 month') : short
}
