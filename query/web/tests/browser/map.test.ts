// The words above a map speak of what it shows.

import { expect } from 'vitest'

import { settled, test } from './browser'
import { first, townsWithFigures } from './server'

test('the sentence of a town’s map stands only while the day and hours it speaks of are shown', async ({
  open,
}) => {
  const page = await open(`/map?t=${first(await townsWithFigures())}`)
  await settled(page)
  const sentence = () => page.locator('.mode > .sentence').innerText()
  await expect.poll(sentence).toContain('平日の昼')
  await page.getByRole('radio', { name: '休日' }).check()
  await page.waitForURL(/h=holiday-day/)
  await expect.poll(sentence).toBe('')
  await page.getByRole('radio', { name: '平日' }).check()
  await expect.poll(sentence).toContain('平日の昼')
  await page.getByRole('slider').fill('1')
  await page.waitForURL(/h=weekday-night/)
  await expect.poll(sentence).toBe('')
})
