// Setting a sheet of paper smaller, so that what stands on it is one page.
//
// In: the width of the paper, and how high the page may be. Out: an attachment for the element that holds the content; it
// writes the step that fits into `--zoom`, which the element's style uses. Content is measured at the width of the paper
// and from the full size each time it changes: so the step is the same from any window and in whatever order maps and
// charts arrived, and it grows again when content becomes shorter.

import type { Attachment } from 'svelte/attachments'

/** Steps and no exact quotient: a pixel more or less, as fonts of another system have it, seldom leads to another step. */
const STEPS = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55]
/** Below this nobody can read what is printed. */
const LEAST = 0.5

/** The largest step at which content is no higher than the room. */
export function stepFor(room: number, heightAt: (zoom: number) => number): number {
  return STEPS.find((zoom) => heightAt(zoom) <= room) ?? LEAST
}

export function fitted(width: number, room: number): Attachment<HTMLElement> {
  return (box) => {
    // Smaller content has more room for each line, so that its height at a step is known only by trying.
    const heightAt = (zoom: number) => {
      box.style.zoom = String(zoom)
      box.style.width = `${width / zoom}px`
      // In the element's own pixels, before its zoom.
      return box.clientHeight * zoom
    }
    const fit = () => {
      // A page that is not shown has no heights; what was found before stays.
      if (box.clientHeight === 0) return
      const step = stepFor(room, heightAt)
      box.style.zoom = ''
      box.style.width = ''
      box.style.setProperty('--zoom', String(step))
      // What was written here is a change of the element too, and must not begin all over.
      observer.takeRecords()
    }
    // Changes of content and not of size: a size follows from the window and from the zoom itself.
    const observer = new MutationObserver(fit)
    observer.observe(box, { subtree: true, childList: true, characterData: true, attributes: true })
    fit()
    return () => observer.disconnect()
  }
}
