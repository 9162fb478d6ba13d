// What a word says of itself is inside the window, wherever the word stands.

import { expect } from 'vitest'

import { settled, test } from './browser'
import { first, townsWithFigures } from './server'

test('the explanation of a word at the foot of the window opens above it, of one at the top below', async ({
  open,
}) => {
  const page = await open(`/t/${first(await townsWithFigures())}`, { width: 1366, height: 500 })
  await settled(page)
  // Of the second row, which can be at the foot of the window as at its top.
  const word = page.locator('.cards li:nth-child(6) h2 .term')
  for (const at of ['end', 'start'] as const) {
    await word.evaluate((one, block) => one.scrollIntoView({ block }), at)
    await word.click()
    const box = page.locator('.explained:popover-open')
    await box.locator('.says').filter({ hasText: /./ }).waitFor()
    const edges = () =>
      box.evaluate((one) => {
        const { top, bottom } = one.getBoundingClientRect()
        return { top, bottom, isInside: top >= 0 && bottom <= innerHeight }
      })
    await expect.poll(async () => (await edges()).isInside).toBe(true)
    const own = await word.evaluate((one) => one.getBoundingClientRect().top)
    expect((await edges()).top < own, at).toBe(at === 'end')
    await page.keyboard.press('Escape')
  }
})
