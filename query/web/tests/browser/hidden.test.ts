// A figure that is not given stands nowhere: in no answer, element, file or picture that the page has or makes.
//
// In: towns whose connected people are hidden, towns where some figures are, and a month that is rolled up. A row of such
// a state may have no number at all but those of `BESIDE`, which are of something else.

import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import type { Answer, Row } from '../../src/server/types'
import { columnWords } from '../../src/words/columns'
import { scrollThrough, settled, SITE, test } from './browser'
import { answersOf, cards, openTables, read, readTable } from './page'
import { halfHiddenTowns, hiddenTowns, isWithout, pick, random, SEED, stateWords } from './server'

/** Numbers that may stand beside a hidden figure, with the reason. */
const BESIDE: Record<string, string> = {
  fewer_than: 'the bound of the word itself, which is the same for all that are hidden',
  at_most: 'the sum of the bounds of classes',
  hour: 'names the row',
  peer_rank: 'names the row: likeness of population and place, not of figures',
  place: 'names the row: where the town stands among those that the reader chose',
  target_number: 'names the row',
  target_persons: 'what the town aims at',
  car_share_percent: 'of the census, beside the released kilometres',
  known_percent: 'of all phones of the town',
  ranked_in_country: 'how many towns have a rank',
  ranked_in_prefecture: 'how many towns have a rank',
  calibrated_in: 'a month',
  window_months: 'of how many months the row is',
}

/** Of a coarser group, whose value is released in its place. */
const ROLLED_UP = /^rolled_up_/

/** Numbers of a row that its state does not allow. */
function leaks(name: string, row: Row): string[] {
  const numbers = Object.keys(row).filter((column) => typeof row[column] === 'number')
  const found: string[] = []
  for (const [column, status] of Object.entries(row)) {
    if (!isWithout(status)) continue
    const stem = /^(.+)_status$/.exec(column)?.[1]
    // A state of the row is that of all its figures, a state of a column that of the column alone.
    const forbidden =
      column === 'status'
        ? numbers.filter(
            (one) =>
              !(one in BESIDE) && !(status === 'rolled_up' && ROLLED_UP.test(one)) && !hasOwn(row, one),
          )
        : stem === undefined
          ? []
          : numbers.filter((one) => [stem, `${stem}_low`, `${stem}_high`].includes(one))
    found.push(...forbidden.map((one) => `${name}: ${one} ${row[one]} of a row that is ${status}`))
  }
  return found
}

/** Whether a column has a state of its own. */
function hasOwn(row: Row, column: string): boolean {
  return `${column.replace(/_(low|high)$/, '')}_status` in row
}

/** Rows of a CSV file for Excel, which has `="2026-09"` where Excel would make a date of the text. */
function rowsOfCsv(text: string): Row[] {
  const [names = [], ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map(fields)
  return lines.map((line) =>
    Object.fromEntries(names.map((name, index) => [String(name), line[index] ?? null])),
  )
}

function fields(line: string): (string | number | null)[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare = '']) => {
    const text = quoted?.replaceAll('""', '"') ?? bare
    const kept = /^="(.*)"$/.exec(text)
    if (kept !== null) return kept[1] ?? ''
    return text === '' ? null : /^-?[0-9.]+(e[-+]?[0-9]+)?$/i.test(text) ? Number(text) : text
  })
}

/** Numbers that the text of a chart of bars shows and that no row of its answer has. */
function strangers(svg: string, answer: Answer): string[] {
  const released = answer.rows.flatMap((row) =>
    Object.values(row).filter((value): value is number => typeof value === 'number'),
  )
  const texts = [...svg.matchAll(/<text[^>]*text-anchor="start"[^>]*>([^<]*)<\/text>/g)].map(
    ([, text]) => text ?? '',
  )
  return texts.filter((text) => {
    const says = read(text)
    return says !== undefined && !released.some((value) => Math.abs(value - says.value) <= says.within)
  })
}

/** Saves the picture of each chart and gives those, by question. */
async function pictures(page: Page): Promise<{ question: string; kind: string; svg: string }[]> {
  const saved: { question: string; kind: string; svg: string }[] = []
  for (const article of await page.locator('article.answer:has(button:text-is("SVG"))').all()) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      article.getByRole('button', { name: 'SVG' }).click(),
    ])
    saved.push({
      question: (await article.getAttribute('data-question')) ?? '',
      kind: (await article.locator('[role="img"]').first().getAttribute('aria-label')) ?? '',
      svg: readFileSync(await download.path(), 'utf8'),
    })
  }
  return saved
}

describe('hidden', () => {
  test('no number stands for a figure that is not given', { timeout: 600_000 }, async ({ open }) => {
    const next = random(SEED + 1)
    const towns = [...pick(await hiddenTowns(), 1, next), ...pick(await halfHiddenTowns(), 1, next)]
    const words = await stateWords()
    expect(towns.length).toBe(2)
    for (const code of towns) {
      let sent: ReturnType<typeof answersOf> | undefined
      const page = await open(`/t/${code}`, {
        before: async (page) => void (sent = answersOf(page)),
        context: { acceptDownloads: true },
      })
      await settled(page)
      await scrollThrough(page)
      await openTables(page)
      await sent?.read()
      const answers = sent?.all ?? new Map<string, Answer>()
      const wrong: string[] = []

      // The answers themselves, and whether the town has what this test is about.
      const rows = [...answers].flatMap(([name, { rows }]) => rows.map((row) => [name, row] as const))
      expect(rows.filter(([, row]) => Object.values(row).some(isWithout)).length, code).toBeGreaterThan(5)
      for (const [name, row] of rows) wrong.push(...leaks(name, row))

      // Cards.
      for (const [item, card] of Object.entries(await cards(page))) {
        if (!isWithout(card.status)) continue
        if ([card.value, card.low, card.high].some((one) => one !== null)) wrong.push(`${item} has a value`)
        if (card.change !== null) wrong.push(`${item} is compared: ${card.change}`)
        if (card.rolledUp === null && card.text !== words.get(card.status))
          wrong.push(`${item} is ${card.status} and reads ${card.text}`)
      }

      // Tables.
      for (const table of await page.locator('table[data-question]').all()) {
        const { question, rows } = await readTable(table)
        for (const row of rows)
          for (const [column, { text, value, status }] of Object.entries(row))
            if (isWithout(status) && (value !== null || text !== words.get(status)))
              wrong.push(`table of ${question}: ${column} is ${status} and reads ${text}`)
      }

      // Files for Excel, by the links of the page.
      const links = await page
        .locator('a[href*="format=csv-excel"]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
      expect(links.length, code).toBeGreaterThan(15)
      for (const link of new Set(links)) {
        const name = /questions\/([a-z0-9-]+)/.exec(link)?.[1] ?? ''
        const answer = answers.get(name)
        if (answer === undefined || answer.rows.length === 0) continue
        const response = await fetch(SITE + link)
        expect(response.status, link).toBe(200)
        const columns = answer.columns.map((column) => column.name)
        const written = rowsOfCsv(await response.text())
        // In Japanese a file has the words of the page above its columns.
        const heads = Object.keys(written[0] ?? {})
        const plain = heads.map((head, index) => head.replace(`(${columns[index]})`, ''))
        expect(plain, name).toEqual(columns.map((column) => columnWords(column).ja))
        const filed = written.map((row) =>
          Object.fromEntries(Object.values(row).map((cell, index) => [columns[index] ?? '', cell])),
        )
        if (filed.length !== answer.rows.length)
          wrong.push(`${name} as CSV has ${filed.length} rows for ${answer.rows.length}`)
        for (const row of filed) wrong.push(...leaks(`${name} as CSV`, row))
      }

      // Pictures that one takes along.
      const saved = await pictures(page)
      expect(saved.length, code).toBeGreaterThan(10)
      for (const { question, kind, svg } of saved) {
        const answer = answers.get(question)
        if (answer === undefined) continue
        if (!kind.startsWith('棒グラフ')) {
          // A line has a dot for each value that there is, and none for what there is not.
          const dots = [...svg.matchAll(/<circle/g)].length
          const values = answer.rows.filter((row) => !isWithout(row['status'])).length
          if (dots > values) wrong.push(`the picture of ${question} has ${dots} dots for ${values} values`)
        } else
          wrong.push(
            ...strangers(svg, answer).map(
              (text) => `the picture of ${question} shows ${text}, which no row has`,
            ),
          )
      }
      expect([...new Set(wrong)], code).toEqual([])
      await page.context().close()
    }
  })

  test('the page of a town says nowhere that a hidden figure is 0, nor why it is hidden', async ({
    open,
  }) => {
    const [code] = await hiddenTowns()
    const page = await open(`/t/${code}`)
    await settled(page)
    await scrollThrough(page)
    const connected = page.locator('.cards li:has([data-item="connected"])')
    expect(await connected.locator('[data-item]').getAttribute('data-status')).toBe('hidden')
    expect(await connected.innerText()).not.toMatch(/(^|\D)0\s*人(?!とい|では)/)
    expect(await page.locator('main').innerText()).not.toMatch(/端末が少ない|少数のため|連動して/)
  })
})
