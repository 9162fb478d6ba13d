// Putting rows in order.
//
// In: rows, what to order them by, and which way. Out: the same rows in order. Rows without a value come last both ways:
// a figure that is not given is neither the least nor the most.

export type Way = 'ascending' | 'descending'

/** Rows in order; of equal ones the earlier stays first. */
export function sorted<One>(
  rows: readonly One[],
  value: (one: One) => number | string | null,
  way: Way,
): One[] {
  const sign = way === 'ascending' ? 1 : -1
  return [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
    return sign * String(left).localeCompare(String(right), 'ja')
  })
}
