// Writes a `.br` and a `.gz` beside each file of `dist` that is worth it.
//
// In: `dist`, as Vite wrote it. Out: the same files in two smaller forms, of which the server takes the one that a
// browser accepts. Compressing here, once and as well as possible, costs the server nothing at each request. A form
// that would not be smaller (pictures are compressed already) is not written, and one of an earlier build is removed.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Below this a file fits in the packet that its headers need anyway. */
const WORTH_IT_BYTES = 1024

const folder = process.argv[2] ?? 'dist'

/** All files below a folder. */
function filesOf(parent) {
  return readdirSync(parent, { withFileTypes: true }).flatMap((entry) => {
    const path = join(parent, entry.name)
    return entry.isDirectory() ? filesOf(path) : [path]
  })
}

/** Brotli at its best, which knows how long the text is. */
function brotli(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  return brotliCompressSync(content, { params })
}

const all = filesOf(folder)
for (const path of all) if (['.br', '.gz'].includes(extname(path))) rmSync(path)

let [before, after, count] = [0, 0, 0]
for (const path of all) {
  if (['.br', '.gz'].includes(extname(path)) || statSync(path).size < WORTH_IT_BYTES) continue
  const content = readFileSync(path)
  const forms = { br: brotli(content), gz: gzipSync(content, { level: 9 }) }
  for (const [name, form] of Object.entries(forms))
    if (form.length < content.length) writeFileSync(`${path}.${name}`, form)
  // The program that embeds them is smaller without it; the server unpacks it for the rare client that wants it so.
  if (path.includes('assets') && forms.gz.length < content.length) rmSync(path)
  before += content.length
  after += Math.min(forms.br.length, content.length)
  count += 1
}
// Git knows the folder by an empty file, which Vite clears away with the rest.
writeFileSync(join(folder, '.gitkeep'), '')
console.log(
  `compressed ${count} files of ${folder}: ${Math.round(before / 1024)} KB, ${Math.round(after / 1024)} KB by Brotli`,
)
