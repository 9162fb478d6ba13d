// Whether this browser can draw the map, before the map's code is loaded.
//
// Virtual desktops and browsers without software WebGL cannot; they get the drawing in SVG, with the same list.

/** Whether there is WebGL 2. */
export function hasWebgl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  if (context === null) return false
  // A browser keeps few contexts; this one was for the question only.
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return true
}
