// Goes to a section, and stays there while the page around it grows.
//
// In: the anchor of the address. Out: the section at the top of the window, also after the answers, charts and maps above it
// took their room, which comes in many steps and not in all browsers without a move. Once the reader scrolls, or goes to
// another section, it is left alone.

/** Ends what is held: two sections cannot both be at the top. */
let letGo: () => void = () => undefined

/** Holds the element with that id at its place; what it gives back ends that. */
export function holdAt(id: string): () => void {
  letGo()
  const element = id === '' ? null : document.getElementById(id)
  if (element === null) return () => undefined
  let at = { scroll: 0, top: 0 }
  const top = () => element.getBoundingClientRect().top
  const goThere = () => {
    element.scrollIntoView({ behavior: 'instant' })
    at = { scroll: scrollY, top: top() }
  }

  const grown = new ResizeObserver(goThere)
  // Neither a scroll of our own nor one by which the browser keeps its place is the reader's: the first leaves the page
  // where it was put, the second the section.
  const scrolled = () => {
    if (Math.abs(scrollY - at.scroll) > 1 && Math.abs(top() - at.top) > 1) end()
  }
  function end() {
    grown.disconnect()
    removeEventListener('scroll', scrolled)
  }

  letGo = end
  // At once, so that the scroll of the link that was followed is known for one of our own.
  goThere()
  grown.observe(document.body)
  addEventListener('scroll', scrolled, { passive: true })
  return end
}
