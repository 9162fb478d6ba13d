// Goes to a section, and stays there while the page around it grows.
//
// In: the anchor of the address. Out: the section at the top of the window, also after the answers, charts and maps above it
// took their room, which comes in many steps and not in all browsers without a move. Once the reader does anything, or goes
// to another section, it is left alone.

/** What a reader does to leave, or to open something, of which the page grows too. A scroll alone tells nothing: browsers
 * scroll by themselves to keep their place, and again to the anchor, and both look like the reader's. */
const DONE_BY_READER = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/** Ends what is held: two sections cannot both be at the top. */
let letGo: () => void = () => undefined

/** Holds the element with that id at its place; what it gives back ends that. */
export function holdAt(id: string): () => void {
  letGo()
  const element = id === '' ? null : document.getElementById(id)
  if (element === null) return () => undefined
  const goThere = () => element.scrollIntoView({ behavior: 'instant' })

  const grown = new ResizeObserver(goThere)
  function end() {
    grown.disconnect()
    for (const event of DONE_BY_READER) removeEventListener(event, end, true)
  }

  letGo = end
  goThere()
  grown.observe(document.body)
  for (const event of DONE_BY_READER) addEventListener(event, end, { capture: true, passive: true })
  return end
}
