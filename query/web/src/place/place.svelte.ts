// The place that is shown now, which everything on the page follows.
//
// In: the address bar, links, back and forward. Out: `here`, reactive. Links are plain `<a href>`, so that they open in
// a new tab as well; a click on one of our own is answered without loading the page again.

import { parse, write, type Page, type Place, type View } from './address'

class Here {
  place = $state<Place>(parse(location.pathname, location.search, location.hash))

  // What depends on the language alone is not made anew when the month changes.
  readonly #language = $derived(this.place.language)

  get language() {
    return this.#language
  }
  get page() {
    return this.place.page
  }
  get view() {
    return this.place.view
  }
}

export const here = new Here()

function read() {
  here.place = parse(location.pathname, location.search, location.hash)
}

/** Shows another address of the site; `replace` leaves no step to go back to. */
export function go(address: string, replace = false) {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  const before = here.page
  read()
  if (!replace && JSON.stringify(before) !== JSON.stringify(here.page) && here.place.anchor === '')
    scrollTo(0, 0)
}

/** The address of a page with the month, definition and revision that are looked at now. */
export function link(page: Page, change: View = {}, anchor = ''): string {
  const { month, definition, revision } = here.view
  const view: View = { ...change }
  if (month !== undefined && view.month === undefined) view.month = month
  if (definition !== undefined && view.definition === undefined) view.definition = definition
  if (revision !== undefined && view.revision === undefined) view.revision = revision
  return write({ language: here.language, page, view, anchor })
}

/** Changes what is looked at, on the same page. */
export function look(change: { [Name in keyof View]?: View[Name] | undefined }, replace = false) {
  const said = Object.entries({ ...here.view, ...change }).filter(([, value]) => value !== undefined)
  const view = Object.fromEntries(said) as View
  go(write({ ...here.place, view }), replace)
}

/** Follows links of the site and the buttons of the browser. */
export function follow() {
  addEventListener('popstate', read)
  addEventListener('hashchange', read)
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const anchor = event.target instanceof Element ? event.target.closest('a') : null
    if (anchor === null || anchor.origin !== location.origin) return
    if (anchor.target !== '' || anchor.hasAttribute('download') || !isOurs(anchor.pathname)) return
    if (anchor.pathname === location.pathname && anchor.search === location.search && anchor.hash !== '')
      return
    event.preventDefault()
    go(anchor.pathname + anchor.search + anchor.hash)
  })
}

function isOurs(path: string): boolean {
  return !/^\/(v1|ogc|health|metrics|openapi\.json|assets)(\/|$)/.test(path)
}
