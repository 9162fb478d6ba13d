// Clocks for `measure.ts`, most of them inside the page.
//
// In: a page. Out: how long the browser says that something took, in milliseconds. Functions named `note…` run in the
// page before anything else does.

import type { Page } from 'playwright-core'

import { settled } from './browser'

export interface Timed {
  /** First contentful paint. */
  paint: number
  /** The element that was waited for is seen. */
  there: number
}

/** A line as of a phone in the hills. */
export async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const bytes = 1_600_000 / 8
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: bytes,
    uploadThroughput: bytes,
  })
}

interface Noted {
  interactions: number[]
  drawnAfter: number
  drawnAt: number
}

/** Events of an interaction shorter than this are not told at all. */
const LEAST_MS = 16

/** Notes how long each event of an interaction took until the picture after it. */
export function noteInteractions() {
  const noted = window as unknown as Noted
  noted.interactions = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[])
      if (entry.interactionId > 0) noted.interactions.push(entry.duration)
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
}

/** Notes when the map draws, and how long after the last input of the slider: the pixels themselves are waited for. */
export function noteMapDrawn() {
  const noted = window as unknown as Noted
  noted.drawnAfter = NaN
  let input = 0
  let isCounting = false
  addEventListener(
    'input',
    ({ target, timeStamp }) => {
      if (!(target instanceof HTMLInputElement) || target.type !== 'range') return
      input = timeStamp
      noted.drawnAfter = NaN
    },
    true,
  )
  const { drawElements } = WebGL2RenderingContext.prototype
  WebGL2RenderingContext.prototype.drawElements = function (...given) {
    drawElements.apply(this, given)
    noted.drawnAt = performance.now()
    if (input === 0 || isCounting) return
    isCounting = true
    // After all that this frame draws, and before the browser takes the picture.
    queueMicrotask(() => {
      this.readPixels(0, 0, 1, 1, this.RGBA, this.UNSIGNED_BYTE, new Uint8Array(4))
      noted.drawnAfter = performance.now() - input
      isCounting = false
    })
  }
}

/** Waits until the map has drawn all that it was given: it draws nothing where nothing changes. */
export async function mapDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.now() - (window as unknown as Noted).drawnAt > 1000)
}

/** How long an interaction took, as the longest of its events did; at least what the browser tells at all. */
export async function interact(page: Page, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => void ((window as unknown as Noted).interactions = []))
  await act()
  await settled(page)
  // An event is told after its picture; one that is too short never is.
  const isTold = () => (window as unknown as Noted).interactions.length > 0
  await page.waitForFunction(isTold, undefined, { timeout: 2000 }).catch(() => undefined)
  return page.evaluate((least) => Math.max(least, ...(window as unknown as Noted).interactions), LEAST_MS)
}
