// An address that shows the same figures next year.
//
// In: where one is, and of which release, definition and month it is shown. Out: the address in the clipboard, or in
// the address bar where a browser has no clipboard for a page without TLS, as on many intranets.

export interface Pinned {
  revision?: number | undefined
  definition?: string | undefined
  month?: string | undefined
}

/** The address that is open now with what it leaves out written down. */
export function pinnedAddress(now: string, { revision, definition, month }: Pinned): string {
  const address = new URL(now)
  if (month !== undefined) address.searchParams.set('m', month)
  // A slash would be escaped; a definition is known by `connected-2026.5` too.
  if (definition !== undefined) address.searchParams.set('d', definition.replace('/', '.'))
  if (revision !== undefined) address.searchParams.set('rev', String(revision))
  return address.href
}

/** Copies it; false where it stands in the address bar instead. */
export async function copyPinned(pinned: Pinned): Promise<boolean> {
  const address = pinnedAddress(location.href, pinned)
  try {
    await navigator.clipboard.writeText(address)
    return true
  } catch {
    history.replaceState(null, '', address)
    return false
  }
}
