// Calls back when the page is about to be printed.
//
// In: what to do. Out: how to stop listening. Paper has no window to scroll: what waits for being near is wanted at once.
// Some browsers tell of printing only by the medium, and others by both; so what is done must bear being done twice.

export function beforePaper(call: () => void): () => void {
  const medium = matchMedia('print')
  const changed = () => {
    if (medium.matches) call()
  }
  addEventListener('beforeprint', call)
  medium.addEventListener('change', changed)
  return () => {
    removeEventListener('beforeprint', call)
    medium.removeEventListener('change', changed)
  }
}
