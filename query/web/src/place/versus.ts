// The towns that somebody sets beside a town.
//
// In: the codes of an address (`vs`), or what is typed. Out: those that can stand beside the town: itself and codes that
// nobody has are passed over, since a link must not fail because of a town that has merged since.

/** Towns that a town is compared with at once; the server takes no more. */
export const MOST = 10

/** The towns beside one, in their order; while no register is known, all codes count. */
export function othersOf(own: string, versus: string[], register: { code: string }[]): string[] {
  const isKnown = (code: string) => register.length === 0 || register.some((one) => one.code === code)
  return [...new Set(versus)].filter((code) => code !== own && isKnown(code)).slice(0, MOST)
}

/** The codes of a text, with commas, spaces or 、 between, also in wide digits; nothing where it is no such list. */
export function codesOf(text: string): string[] | undefined {
  const codes = text
    .normalize('NFKC')
    .split(/[\s,、]+/)
    .filter((code) => code !== '')
  const isList = codes.length > 0 && codes.length <= MOST && codes.every((code) => /^[0-9]{5}$/.test(code))
  return isList ? codes : undefined
}
