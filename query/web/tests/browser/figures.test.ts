// Every figure that the page shows is what SQL over the Postgres door says.
//
// In: random towns and months, five pairs by default, `KAYOI_TOWNS` for more. Cards are held against SQL that is written
// here; tables against the rows of their answer, in order and as they are read; the answers against their own SQL
// over the other door.

import { afterAll, beforeAll, describe, expect } from 'vitest'

import type { Answer } from '../../src/server/types'
import { scrollThrough, settled, test } from './browser'
import { Door, type Fields } from './door'
import { answersOf, cards, openTables, read, readTable, type Card, type Table } from './page'
import {
  halfHiddenTowns,
  hiddenTowns,
  municipalities,
  pick,
  random,
  release,
  SEED,
  townsWithFigures,
} from './server'

const KINDS = ['visitor', 'connected', 'repeat', 'dual_resident', 'workation']

/** Fifty towns take a while. */
const LONG = 3_600_000

/** As many rows of an answer has a table at most. */
const MOST = 1000

/** The other door, which is open before the first test. */
const doors: Door[] = []
const sql = (text: string, values: unknown[] = []) =>
  doors[0]?.rows(text, values) ?? Promise.reject(new Error('no door'))
let pairs: { code: string; month: string }[] = []

beforeAll(async () => {
  doors.push(await Door.open())
  const next = random(SEED)
  const count = Number(process.env.KAYOI_TOWNS ?? 5)
  const { months } = await release()
  const all = (await municipalities()).map((town) => town.code)
  // Towns of each kind are among them, so that the test never looks at empty towns alone.
  const [shown, half, hidden] = await Promise.all([townsWithFigures(), halfHiddenTowns(), hiddenTowns()])
  const towns = [
    ...pick(shown, Math.ceil(count / 3), next),
    ...pick(half, 1, next),
    ...pick(hidden, 1, next),
    ...pick(all, count, next),
  ].slice(0, count)
  pairs = towns.map((code) => ({ code, month: pick(months, 1, next)[0] ?? '' }))
})

afterAll(() => Promise.all(doors.map((door) => door.close())))

const number = (row: Fields | undefined, column: string) =>
  typeof row?.[column] === 'number' ? row[column] : null

/** A card as the tables of the release have it. */
function expected(row: Fields | undefined, figure: string, change: unknown) {
  return {
    value: number(row, figure),
    low: number(row, `${figure}_low`),
    high: number(row, `${figure}_high`),
    rolledUp: number(row, 'rolled_up_persons'),
    status: typeof row?.['status'] === 'string' ? row['status'] : null,
    change: typeof change === 'string' ? change : null,
  }
}

/** What a card has but for how it is read. */
function withoutText(card: Card | undefined): Partial<Card> {
  const rest: Partial<Card> = { ...card }
  delete rest.text
  return rest
}

describe('figures', () => {
  test('the six cards equal SQL over the Postgres door', { timeout: LONG }, async ({ open }) => {
    for (const { code, month } of pairs) {
      const label = `of ${code} in ${month}, seed ${SEED}`
      const page = await open(`/t/${code}?m=${month}`)
      await settled(page)
      const shown = await cards(page)
      expect(Object.keys(shown).length, `cards ${label}`).toBe(6)
      const ties = await sql(
        `SELECT kind, persons, persons_low, persons_high, rolled_up_persons, status FROM connected_monthly
         WHERE municipality_code = $1 AND month_text = $2 AND origin_code = 'all'`,
        [code, month],
      )
      const changes = await sql(
        `SELECT kind, is_certain FROM connected_change WHERE municipality_code = $1 AND month_text = $2
           AND compared_with = 'year_before' AND change_percent IS NOT NULL`,
        [code, month],
      )
      const [work] = await sql(
        `SELECT telework_rate_percent, telework_rate_percent_low, telework_rate_percent_high, status
         FROM work_monthly WHERE municipality_code = $1 AND month_text = $2 AND side = 'residence'`,
        [code, month],
      )
      const of = (all: Fields[], kind: string) => all.find((row) => row['kind'] === kind)
      for (const kind of KINDS) {
        expect(withoutText(shown[kind]), `${kind} ${label}`).toEqual(
          expected(of(ties, kind), 'persons', of(changes, kind)?.['is_certain']),
        )
      }
      const telework = expected(work, 'telework_rate_percent', null)
      // Commuters may be shown where the rate of them is not.
      if (telework.value === null && /^(published|provisional)$/.test(telework.status ?? ''))
        telework.status = 'hidden'
      // The tables of work begin later than those of people.
      if (work === undefined) telework.status = 'not_computed'
      expect(withoutText(shown['telework']), `telework ${label}`).toEqual(telework)
      for (const [item, { text, value, rolledUp }] of Object.entries(shown)) {
        const released = value ?? rolledUp
        const says = read(text)
        if (released === null) expect(text, `${item} ${label} has no number`).not.toMatch(/[0-9０-９]/)
        else
          expect(
            Math.abs((says?.value ?? NaN) - released),
            `${item} ${label} is read as ${text}`,
          ).toBeLessThanOrEqual(says?.within ?? 0)
      }
      await page.context().close()
    }
  })

  test(
    'every table of a town has the rows of its answer, and its SQL gives them over the Postgres door',
    { timeout: LONG },
    async ({ open }) => {
      const { revision } = await release()
      for (const { code, month } of pairs) {
        let sent: ReturnType<typeof answersOf> | undefined
        const page = await open(`/t/${code}?m=${month}`, {
          before: async (page) => void (sent = answersOf(page)),
        })
        await settled(page)
        await scrollThrough(page)
        await openTables(page)
        await sent?.read()
        const tables = await Promise.all(
          (await page.locator('table[data-question]').all()).map((table) => readTable(table)),
        )
        // A month of which nothing is computed has no chart and no table.
        const answers = sent?.all ?? new Map<string, Answer>()
        expect(answers.size, `answers of ${code} in ${month}`).toBeGreaterThan(20)
        const behind = new Set(tables.map((table) => table.question))
        const wrong: Record<string, unknown> = {}
        for (const [name, answer] of answers) {
          if (answer.revision !== revision) wrong[`${name}: revision`] = answer.revision
          const rows = await sql(answer.sql)
          const differing = difference(answer, rows)
          if (differing !== undefined) wrong[`${name} over the Postgres door`] = differing
          // The cards are of the summary; how it is read is the test above.
          if (name !== 'town-summary' && answer.rows.length > 0 && !behind.has(name))
            wrong[`${name}: table`] = 'missing'
        }
        for (const table of tables) {
          const answer = answers.get(table.question)
          const fault = answer === undefined ? 'a table without an answer' : unlike(table, answer)
          if (fault !== undefined) wrong[`table of ${table.question}`] = fault
        }
        expect(wrong, `${code} in ${month}, seed ${SEED}`).toEqual({})
        await page.context().close()
      }
    },
  )

  test('tables of a prefecture and of the country equal SQL over the Postgres door', async ({ open }) => {
    const [code] = pick(await townsWithFigures(), 1, random(SEED + 2))
    const prefecture = (code ?? '20').slice(0, 2)
    const { newest_month } = await release()
    const towns = await sql(
      `SELECT municipality_code AS code, kind, persons, persons_low, persons_high, status FROM connected_monthly
       WHERE origin_code = 'all' AND month_text = $1 AND municipality_code LIKE $2
         AND kind IN ('visitor', 'connected', 'dual_resident')`,
      [newest_month, `${prefecture}%`],
    )
    // A rate has the state of the people that it is of: only they can be shown with others.
    const rates = await sql(
      `SELECT rate.municipality_code AS code, rate.kind || '_per_100_residents' AS kind, per_100_residents AS persons,
         per_100_residents_low AS persons_low, per_100_residents_high AS persons_high, town.status
       FROM ranks_monthly AS rate
       JOIN connected_monthly AS town ON town.municipality_code = rate.municipality_code
         AND town.month = rate.month AND town.kind = rate.kind AND town.origin_code = 'all'
       WHERE rate.kind = 'connected' AND rate.month_text = $1 AND rate.municipality_code LIKE $2`,
      [newest_month, `${prefecture}%`],
    )
    const page = await open(`/p/${prefecture}?m=${newest_month}`)
    await settled(page)
    // The prefecture as a whole is a row of the release, and no sum of its towns.
    const whole = await sql(
      `SELECT kind, persons, persons_low, persons_high, status FROM connected_totals_monthly
       WHERE area_code = $1 AND month_text = $2
         AND kind IN ('visitor', 'connected', 'repeat', 'dual_resident', 'workation')`,
      [prefecture, newest_month],
    )
    const own = await page
      .locator('section.own .cards [data-item]')
      .evaluateAll((cards) =>
        cards.map((card) =>
          ['data-item', 'data-value', 'data-low', 'data-high', 'data-status']
            .map((name) => card.getAttribute(name))
            .join(' '),
        ),
      )
    const card = (row: Fields) =>
      ['kind', 'persons', 'persons_low', 'persons_high', 'status']
        .map((column) => row[column] ?? null)
        .join(' ')
    expect(whole).toHaveLength(5)
    expect(own.toSorted()).toEqual(whole.map(card).toSorted())
    expect(await page.locator('section.own a[href*="/sql"]').count()).toBe(1)

    const shown = await page.locator('main table tbody tr:has([data-item])').evaluateAll((rows) =>
      rows.flatMap((row) => {
        const town = /\/t\/([0-9]{5})/.exec(row.querySelector('a')?.getAttribute('href') ?? '')?.[1] ?? ''
        return [...row.querySelectorAll('[data-item]')].map((cell) =>
          [
            town,
            ...['data-item', 'data-value', 'data-low', 'data-high', 'data-status'].map((name) =>
              cell.getAttribute(name),
            ),
          ].join(' '),
        )
      }),
    )
    const text = (row: Fields) =>
      ['code', 'kind', 'persons', 'persons_low', 'persons_high', 'status']
        .map((column) => row[column] ?? null)
        .join(' ')
    expect(towns.length).toBeGreaterThan(10)
    expect(shown.toSorted()).toEqual([...towns, ...rates].map(text).toSorted())
  })
})

/** A value that both doors write alike: numbers to twelve digits, since the last ones differ by the way they went. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '∅'
  return typeof value === 'number' ? String(Number(value.toPrecision(12))) : String(value)
}

/** The first row in which an answer and the rows of its SQL differ, in the order of both. */
function difference(answer: Answer, rows: Fields[]): string | undefined {
  if (answer.rows.length !== rows.length) return `${answer.rows.length} rows and ${rows.length}`
  const names = answer.columns.map((column) => column.name)
  const line = (row: Fields | undefined) => names.map((name) => plain(row?.[name])).join(' ')
  const at = rows.findIndex((row, index) => line(answer.rows[index]) !== line(row))
  return at < 0 ? undefined : `row ${at}: ${line(answer.rows[at])} and ${line(rows[at])}`
}

/** Wherein a table is not its answer: rows in order, every column that has a figure, numbers as they are read. */
function unlike(table: Table, answer: Answer): string | undefined {
  const rows = answer.rows.slice(0, MOST)
  if (table.rows.length !== rows.length) return `${table.rows.length} rows for ${rows.length}`
  const names = answer.columns.map((column) => column.name)
  const shown = new Set(Object.keys(table.rows[0] ?? {}))
  const missing = names.filter(
    (name) => !shown.has(name) && !name.endsWith('_romaji') && rows.some((row) => row[name] !== null),
  )
  if (missing.length > 0) return `without ${missing.join(', ')}`
  for (const [index, row] of rows.entries())
    for (const name of shown) {
      const released = row[name]
      const cell = table.rows[index]?.[name]
      const where = `row ${index}, ${name}: ${released} is read as ${cell?.text}`
      if (typeof released === 'number') {
        // Commas and the sign of less are all that a released number gains.
        if (Number(cell?.text.replaceAll(',', '').replace('−', '-')) !== released) return where
        if (cell?.value !== released && cell?.value !== null) return `${where}, data-value ${cell?.value}`
      } else if (released === null || released === undefined) {
        if (cell?.value !== null || /[0-9]/.test(cell?.text ?? '')) return where
      } else if ((cell?.text ?? '') === '' && released !== '' && released !== false) return where
    }
  return undefined
}
