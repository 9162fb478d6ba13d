// The towns that were looked at last, on this machine alone.
//
// In: a code. Out: the last few codes, newest first. They stay in the browser and reach no server. A browser may forbid
// storage, or it may hold what somebody else wrote: then there are none, and nothing breaks.

const NAME = 'kayoi-recent-towns'
const MOST = 6

/** The codes, newest first. */
export function recentTowns(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept
      .filter((code): code is string => typeof code === 'string' && /^[0-9]{5}$/.test(code))
      .slice(0, MOST)
  } catch {
    return []
  }
}

/** Notes that a town was looked at. */
export function rememberTown(code: string) {
  try {
    const codes = [code, ...recentTowns().filter((other) => other !== code)].slice(0, MOST)
    localStorage.setItem(NAME, JSON.stringify(codes))
  } catch {
    // Without storage there is no list.
  }
}
