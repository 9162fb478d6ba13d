// How many months people of ties were counted in.
//
// In: a release and a month. Out: twelve, or fewer while the data are young. Only figures that are not final can have
// fewer, so that of other months nothing is asked.

import { plusMonths } from '../words/numbers'
import { firstRowAt, rowAt } from './rows'
import type { Release } from './types'

/** The months that a figure of ties looks back on, by the definition. */
export const WHOLE = 12

/** The months that the figures of a month look back on; the whole where that cannot be had. */
export async function monthsCovered(
  release: Release | undefined,
  month: string | undefined,
): Promise<number> {
  const state = release?.unfinished_months.find((one) => one.month === month)
  if (release === undefined || month === undefined || state?.status !== 'provisional') return WHOLE
  const address = firstRowAt('connected_monthly', { month, revision: release.revision })
  const row = await rowAt(address).catch(() => undefined)
  const covered = row?.['window_months']
  return typeof covered === 'number' && covered > 0 ? covered : WHOLE
}

/** Whether a release has the month a year before; yes where nobody knows, since nothing may then be called absent. */
export function hasMonthBefore(release: Release | undefined, month: string | undefined): boolean {
  return release === undefined || month === undefined || release.months.includes(plusMonths(month, -WHOLE))
}
