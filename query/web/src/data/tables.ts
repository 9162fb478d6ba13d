// The tables of the release as the catalogue shows them.
//
// In: what the server says of its tables and questions. Out: types of it, the groups in which people look for a table,
// where rows of a table are and the SQL of them, and which questions read a table. A table that no group names comes last, so that
// one which a later release adds is never lost.

import type { QuestionDescription, Words } from '../server/types'

export interface ColumnDescription {
  name: string
  type: string
  nullable: boolean
  description: Words
}

export interface TableDescription {
  name: string
  description: Words
  sorted_by: string[]
  columns: ColumnDescription[]
}

export type GroupName = 'ties' | 'visitors' | 'work' | 'yearly' | 'compare' | 'release' | 'other'

const GROUPS: [GroupName, string[]][] = [
  [
    'ties',
    [
      'connected_monthly',
      'connected_rest_monthly',
      'connected_by_period',
      'connected_totals_monthly',
      'connected_days_monthly',
    ],
  ],
  [
    'visitors',
    [
      'visitors_daily',
      'visitors_monthly',
      'stays_monthly',
      'presence_hourly',
      'flows_monthly',
      'cells_monthly',
      'trips_monthly',
    ],
  ],
  ['work', ['work_monthly', 'gx_monthly', 'workation_stays_monthly', 'offices_monthly']],
  [
    'yearly',
    [
      'dual_regimes_yearly',
      'municipalities_per_person_yearly',
      'matching_yearly',
      'itinerants_quarterly',
      'segments_yearly',
      'rebound_yearly',
    ],
  ],
  ['compare', ['connected_change', 'ranks_monthly', 'peers']],
  ['release', ['release_weights', 'panel_monthly', 'panel_coverage', 'release_changes', 'class_errors']],
]

/** Tables in the groups in which people look for them, without groups that have none. */
export function grouped(tables: TableDescription[]): { name: GroupName; tables: TableDescription[] }[] {
  const known = new Set(GROUPS.flatMap(([, names]) => names))
  const others = tables.filter((table) => !known.has(table.name)).map((table) => table.name)
  const groups: [GroupName, string[]][] = [...GROUPS, ['other', others]]
  const byName = new Map(tables.map((table) => [table.name, table]))
  return groups
    .map(([name, names]) => ({ name, tables: names.flatMap((one) => byName.get(one) ?? []) }))
    .filter((group) => group.tables.length > 0)
}

/** How many rows a table's page shows. */
export const EXAMPLES = 20

/** Whether rows of a table are of months, one of which can be asked for. */
export function hasMonths(table: TableDescription): boolean {
  return table.columns.some((column) => column.name === 'month_text')
}

/** Which rows of a table, and in which form. */
export interface RowsWanted {
  /** Left out where a table has no months: a month that a reader chose for others says nothing of it. */
  month: string | undefined
  revision: number | undefined
  format: string
  /** All rows without it. */
  limit?: number
}

/**
 * The address of the rows of a table, as a file or for a program; without a month, of its newest. It is no SQL, since a
 * server may give its tables to somebody whose own SQL it would refuse.
 */
export function rowsAddress(table: TableDescription, { month, revision, format, limit }: RowsWanted): string {
  const parameters = new URLSearchParams({ format })
  if (month !== undefined && hasMonths(table)) parameters.set('month', month)
  if (limit !== undefined) parameters.set('limit', String(limit))
  if (revision !== undefined) parameters.set('rev', String(revision))
  return `/v1/tables/${encodeURIComponent(table.name)}/rows?${parameters.toString()}`
}

/** The SQL of the same rows, for the console. */
export function rowsSql(table: TableDescription, month: string | undefined, limit?: number): string {
  const has = (name: string) => table.columns.some((column) => column.name === name)
  const lines = ['SELECT *', `FROM ${table.name}`]
  if (hasMonths(table) && month !== undefined) lines.push(`WHERE month_text = '${month}'`)
  else if (has('month')) lines.push(`WHERE month = (SELECT max(month) FROM ${table.name})`)
  if (limit !== undefined) lines.push(`LIMIT ${limit}`)
  return lines.join('\n')
}

/** Whether SQL reads a table; a longer name that starts with this one is another table. */
export function reads(sql: string | undefined, table: string): boolean {
  return sql !== undefined && new RegExp(`\\b(from|join)\\s+${table}\\b`, 'i').test(sql)
}

/** The questions that read a table, in the order in which the server lists them. */
export function questionsOf(questions: QuestionDescription[], table: string): QuestionDescription[] {
  return questions.filter((question) => reads(question.sql, table))
}
