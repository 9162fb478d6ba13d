// Where in the site one is, as an address.
//
// In: an address. Out: a `Place`, and the way back. An address carries the month, the definition and the revision, so
// that a link in a council paper shows the same figures next year; what is left out is the newest. Parameters that
// nobody knows are kept in `unknown`, so that the page can say that it ignores them.

export type Language = 'ja' | 'en'

export type Page =
  | { name: 'landing' }
  | { name: 'town'; code: string }
  | { name: 'report'; code: string }
  | { name: 'prefecture'; code: string }
  | { name: 'map' }
  | { name: 'console' }
  | { name: 'data'; table?: string }
  | { name: 'method'; term?: string }
  | { name: 'quality' }
  | { name: 'signin' }
  | { name: 'nowhere' }

/** What figures one looks at: each may be left out, which means the newest, or the page's own choice. */
export interface View {
  /** `m`: the month, `2026-10`. */
  month?: string
  /** `d`: the name of the definition. */
  definition?: string
  /** `rev`: the number of the release. */
  revision?: number
  /** `t`: a town, where the page itself is not one (map, console); of the console also a prefecture. */
  town?: string
  /** `k`: a kind of people. */
  kind?: string
  /** `vs`: towns to compare with. */
  versus?: string[]
  /** `h`: an hour of the day or a time band of the map. */
  hour?: string
  /** `q`: a named question of the console. */
  question?: string
}

export interface Place {
  language: Language
  page: Page
  view: View
  /** The anchor, without `#`. */
  anchor: string
  unknown: string[]
}

const TERM = /^[a-z0-9_-]{1,60}$/

/** The place of an address, which starts with `/`. */
export function parse(path: string, search = '', hash = ''): Place {
  const parts = path.split('/').filter((part) => part !== '')
  const language: Language = parts[0] === 'en' ? 'en' : 'ja'
  if (language === 'en') parts.shift()
  const { view, unknown } = parseView(new URLSearchParams(search))
  return { language, page: parsePage(parts), view, anchor: decode(hash.replace(/^#/, '')), unknown }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parsePage(parts: string[]): Page {
  const [first, second, third, ...more] = parts
  if (more.length > 0) return { name: 'nowhere' }
  if (first === undefined) return { name: 'landing' }
  if (first === 't' && second !== undefined && /^[0-9]{5,6}$/.test(second)) {
    if (third === undefined) return { name: 'town', code: second }
    if (third === 'report') return { name: 'report', code: second }
  }
  if (third !== undefined) return { name: 'nowhere' }
  if (first === 'p' && second !== undefined && /^[0-9]{2}$/.test(second))
    return { name: 'prefecture', code: second }
  if (first === 'data' && second === undefined) return { name: 'data' }
  if (first === 'data' && second !== undefined && TERM.test(second)) return { name: 'data', table: second }
  if (first === 'method' && second === undefined) return { name: 'method' }
  if (first === 'method' && second !== undefined && TERM.test(second)) return { name: 'method', term: second }
  if (second !== undefined) return { name: 'nowhere' }
  if (first === 'map' || first === 'quality' || first === 'signin') return { name: first }
  if (first === 'sql') return { name: 'console' }
  return { name: 'nowhere' }
}

function parseView(parameters: URLSearchParams): { view: View; unknown: string[] } {
  const view: View = {}
  const unknown: string[] = []
  for (const [name, value] of parameters) {
    if (name === 'm' && /^[0-9]{4}-(0[1-9]|1[0-2])$/.test(value)) view.month = value
    else if (name === 'd' && /^[\p{L}\p{N}_.-]{1,80}$/u.test(value)) view.definition = value
    else if (name === 'rev' && /^[0-9]{1,15}$/.test(value)) view.revision = Number(value)
    else if (name === 't' && /^[0-9]{2}([0-9]{3,4})?$/.test(value)) view.town = value
    else if (name === 'k' && TERM.test(value)) view.kind = value
    else if (name === 'vs' && /^[0-9]{5}(,[0-9]{5}){0,9}$/.test(value)) view.versus = value.split(',')
    else if (name === 'h' && TERM.test(value)) view.hour = value
    else if (name === 'q' && TERM.test(value)) view.question = value
    else unknown.push(name)
  }
  return { view, unknown }
}

/** The address of a place. */
export function write(place: Pick<Place, 'language' | 'page' | 'view'> & { anchor?: string }): string {
  const path = (place.language === 'en' ? '/en' : '') + pathOf(place.page)
  const query = queryOf(place.view)
  return (
    (path === '' ? '/' : path) + (query === '' ? '' : `?${query}`) + (place.anchor ? `#${place.anchor}` : '')
  )
}

function pathOf(page: Page): string {
  switch (page.name) {
    case 'landing':
      return ''
    case 'town':
      return `/t/${page.code}`
    case 'report':
      return `/t/${page.code}/report`
    case 'prefecture':
      return `/p/${page.code}`
    case 'console':
      return '/sql'
    case 'data':
      return page.table === undefined ? '/data' : `/data/${page.table}`
    case 'method':
      return page.term === undefined ? '/method' : `/method/${page.term}`
    default:
      return `/${page.name}`
  }
}

function queryOf(view: View): string {
  const parameters = new URLSearchParams()
  if (view.month !== undefined) parameters.set('m', view.month)
  if (view.definition !== undefined) parameters.set('d', view.definition)
  if (view.revision !== undefined) parameters.set('rev', String(view.revision))
  if (view.town !== undefined) parameters.set('t', view.town)
  if (view.kind !== undefined) parameters.set('k', view.kind)
  if (view.versus !== undefined && view.versus.length > 0) parameters.set('vs', view.versus.join(','))
  if (view.hour !== undefined) parameters.set('h', view.hour)
  if (view.question !== undefined) parameters.set('q', view.question)
  return parameters.toString().replaceAll('%2C', ',')
}
