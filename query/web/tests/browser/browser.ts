// Real Chromium for the tests of the page.
//
// In: `KAYOI_URL`, the address of a server that has the page. Out: `test`, whose `open` opens a page as a reader in Japan
// has it. Every page that a test opens fails that test on an error of the console, a broken rule of the content security
// policy, or a request to another host: none of these is ever expected, so no test has to ask.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { expect, test as plain } from 'vitest'

export const SITE = (process.env.KAYOI_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '')

/** Warnings of a graphics driver about reading pixels back, which is what a picture of a map does. */
const DRIVER = /GL Driver Message|ReadPixels|GPU stall/

/** What Chromium says of a page that nobody knows, which is served with 404 on purpose: of that address alone. */
export function notFound(path: string): RegExp[] {
  const address = (SITE + path).replaceAll(/[.?+]/g, '\\$&')
  return [new RegExp(`^${address}: Failed to load resource: .* 404 `)]
}

export interface Opening {
  width?: number
  height?: number
  /** What the console may say, after the address that it says it of, where the server fails on purpose. */
  allowed?: RegExp[]
  context?: BrowserContextOptions
  /** Permissions that the reader has given. */
  permissions?: string[]
  /** Runs before the page is asked for, to answer in the server's place. */
  before?: (page: Page) => Promise<unknown>
}

export type Open = (path: string, opening?: Opening) => Promise<Page>

function executable(): string {
  const named = process.env.KAYOI_CHROMIUM
  if (named !== undefined) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
  if (found === undefined) throw new Error('there is no Chromium in PATH; KAYOI_CHROMIUM names one')
  return found
}

/** A Chromium that asks nobody but the site. Its own sandbox does not start for root, as in a container. */
export function launch(more: string[] = []): Promise<Browser> {
  const quiet = [
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  const args = [...quiet, '--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...more]
  return chromium.launch({ executablePath: executable(), headless: true, args })
}

/** Watches a page; what it adds to `wrong` fails the test. */
function watch(page: Page, site: string, allowed: RegExp[], wrong: string[]) {
  const { host } = new URL(site)
  page.on('console', (message) => {
    const text = message.text()
    const isPolicy = text.includes('Content Security Policy')
    if (message.type() !== 'error' && !isPolicy) return
    const said = `${message.location().url}: ${text}`
    if (!isPolicy && [DRIVER, ...allowed].some((one) => one.test(said))) return
    wrong.push(`console on ${page.url()}: ${text}`)
  })
  page.on('pageerror', (error) => wrong.push(`error on ${page.url()}: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) wrong.push(`request to ${url.host}`)
  })
}

/** Opens pages in one browser, each in a profile of its own. */
export function opener(
  browser: Browser,
  wrong: string[],
  site = SITE,
): { open: Open; close: () => Promise<void> } {
  const contexts: BrowserContext[] = []
  const open: Open = async (path, opening = {}) => {
    const { width = 1280, height = 900, allowed = [], before, permissions = [] } = opening
    const context = await browser.newContext({
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
      viewport: { width, height },
      reducedMotion: 'reduce',
      ...opening.context,
    })
    contexts.push(context)
    if (permissions.length > 0) await context.grantPermissions(permissions, { origin: site })
    const page = await context.newPage()
    watch(page, site, allowed, wrong)
    count(page)
    if (before !== undefined) await before(page)
    await page.goto(site + path)
    return page
  }
  // A route of a test that has ended may still be at its answer, which goes with the page.
  const end = async (context: BrowserContext) => {
    await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })))
    await context.close()
  }
  return { open, close: async () => void (await Promise.all(contexts.map(end))) }
}

interface Fixtures {
  /** Arguments of Chromium beyond the usual; one browser serves a file of tests. */
  chromiumArguments: string[]
  /** The server, where it is another than that of `KAYOI_URL`. */
  site: string
  browser: Browser
  open: Open
}

export const test = plain.extend<Fixtures>({
  chromiumArguments: [[], { scope: 'file' }],
  site: [SITE, { scope: 'file' }],
  browser: [
    async ({ chromiumArguments }, use) => {
      const browser = await launch(chromiumArguments)
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  open: async ({ browser, site }, use) => {
    const wrong: string[] = []
    const { open, close } = opener(browser, wrong, site)
    await use(open)
    await close()
    expect([...new Set(wrong)]).toEqual([])
  },
})

/** What each page is waiting for, and since when it waits for nothing. */
const traffic = new WeakMap<Page, { open: number; quietSince: number }>()

function count(page: Page) {
  const state = { open: 0, quietSince: Date.now() }
  traffic.set(page, state)
  const ended = () => {
    state.open -= 1
    state.quietSince = Date.now()
  }
  page.on('request', () => (state.open += 1))
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
}

/** How long nothing may be asked before a page counts as done: an import that follows another takes less. */
const QUIET_MS = 150

/** Waits until nothing is asked any more and fonts are there: the page is as a reader sees it. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('load')
  await expect
    .poll(
      async () => {
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
        const state = traffic.get(page)
        return state !== undefined && state.open <= 0 && Date.now() - state.quietSince >= QUIET_MS
      },
      { timeout: 60_000, interval: 40, message: `${page.url()} goes on asking` },
    )
    .toBe(true)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** Draws what waits until it is scrolled near, and comes back to the top. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight) {
      scrollTo(0, at)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    scrollTo(0, 0)
  })
  await settled(page)
}

/** What has the focus, as a reader of the screen would be told: role and name. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const one = document.activeElement
    if (one === null || one === document.body) return 'nothing'
    const labels =
      one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? [...(one.labels ?? [])] : []
    const label = labels.map((each) => each.innerText).join(' ')
    const text = one.getAttribute('aria-label') ?? (label === '' ? (one as HTMLElement).innerText : label)
    return `${one.getAttribute('role') ?? one.localName} ${(text ?? '').trim().replace(/\s+/g, ' ')}`
  })
}
