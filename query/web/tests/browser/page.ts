// What an open page says of its figures, read from its elements.
//
// In: a page. Out: cards, tables and answers as plain values, so that tests hold them against SQL. Text is read back
// into numbers by rules of its own: the code that wrote it is not asked what it meant.

import type { Locator, Page } from 'playwright-core'

import type { Answer, Refusal } from '../../src/server/types'

/** A card; `null` for what its element does not have. */
export interface Card {
  value: number | null
  low: number | null
  high: number | null
  rolledUp: number | null
  status: string | null
  change: string | null
  /** What is read as the figure. */
  text: string
}

export async function cards(page: Page): Promise<Record<string, Card>> {
  const all = await page.locator('.cards li:has([data-item])').evaluateAll((elements) =>
    elements.map((card) => {
      const figure = card.querySelector('[data-item]')
      const number = (name: string) => {
        const text = figure?.getAttribute(name) ?? null
        return text === null ? null : Number(text)
      }
      return [
        figure?.getAttribute('data-item') ?? '',
        {
          value: number('data-value'),
          low: number('data-low'),
          high: number('data-high'),
          rolledUp: number('data-rolled-up'),
          status: figure?.getAttribute('data-status') ?? null,
          change: card.querySelector('.trend')?.getAttribute('data-change') ?? null,
          // Not `textContent`: the explanation of a state stands in the same element until it is asked for.
          text: figure?.querySelector<HTMLElement>('.value')?.innerText.trim() ?? '',
        },
      ] as const
    }),
  )
  return Object.fromEntries(all)
}

/** A number as people read it, `8.6万人` or `12%`, and how far what it stands for may be away. */
export function read(text: string): { value: number; within: number } | undefined {
  const found = /^(−?)([0-9,]+)(?:\.([0-9]+))?(万|億)?/.exec(text)
  if (found === null) return undefined
  const [, sign, whole = '', decimals = '', unit] = found
  const scale = unit === '億' ? 1e8 : unit === '万' ? 1e4 : 1
  const value = Number(`${whole.replaceAll(',', '')}.${decimals}`) * scale * (sign === '' ? 1 : -1)
  return { value, within: (scale / 10 ** decimals.length / 2) * 1.000001 }
}

/** A cell of a table: its text, and the released number and state that it says it has. */
export interface Cell {
  text: string
  value: number | null
  status: string | null
}

export interface Table {
  question: string
  rows: Record<string, Cell>[]
}

export async function readTable(table: Locator): Promise<Table> {
  return table.evaluate((element) => ({
    question: element.getAttribute('data-question') ?? '',
    rows: [...element.querySelectorAll('tbody tr')].map((row) =>
      Object.fromEntries(
        [...row.querySelectorAll<HTMLElement>('[data-column]')].map((cell) => {
          const { column = '', value, status = null } = cell.dataset
          const text = cell.textContent?.trim() ?? ''
          return [column, { text, value: value === undefined ? null : Number(value), status }]
        }),
      ),
    ),
  }))
}

/** Opens every table that stands behind a chart. */
export async function openTables(page: Page): Promise<void> {
  await page.locator('main details:not([open]) > summary').evaluateAll((all) => {
    for (const one of all) if (one instanceof HTMLElement) one.click()
  })
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
}

/** Collects the answers that a page is sent, by question; the newest of each. */
export function answersOf(page: Page): { all: Map<string, Answer>; read: () => Promise<void> } {
  const all = new Map<string, Answer>()
  const waiting: Promise<void>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (!pathname.startsWith('/v1/questions') || !response.ok()) return
    waiting.push(
      response.json().then((document: (Answer | Refusal)[] | Answer) => {
        for (const one of Array.isArray(document) ? document : [document])
          if ('rows' in one) all.set(one.name, one)
      }),
    )
  })
  return { all, read: async () => void (await Promise.all(waiting)) }
}

/** The last of a town's six cards, once it has its figure. */
export const CARDS = '.cards li:nth-child(6) [data-item]'

/** Notes in `there` when an element is there and seen, on the clock that requests are noted on. Runs in the page. */
export function noteWhenThere(whole: string) {
  const noted = window as unknown as { there?: number }
  const look = () => {
    const element = document.querySelector(whole)
    if (element?.checkVisibility({ visibilityProperty: true })) noted.there = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}
