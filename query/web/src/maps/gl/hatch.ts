// The hatch of figures that are not shown: lines on white, which no shade of a scale looks like.

/** A tile of the hatch, drawn for a sharp screen. */
export function hatchTile(): ImageData {
  const size = 16
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  const context = canvas.getContext('2d')
  if (context === null) return new ImageData(size, size)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, size, size)
  context.strokeStyle = '#767676'
  context.lineWidth = 3
  // Three lines, so that they go on in the next tile.
  for (const shift of [-size, 0, size]) {
    context.beginPath()
    context.moveTo(shift - 2, size + 2)
    context.lineTo(shift + size + 2, -2)
    context.stroke()
  }
  return context.getImageData(0, 0, size, size)
}
