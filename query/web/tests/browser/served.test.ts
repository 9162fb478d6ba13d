// How the server hands the page out: headers that only `kayoi serve` sends, and no development server.

import { readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { request } from 'node:http'

import { beforeAll, describe, expect, test } from 'vitest'

import { SITE } from './browser'

interface Got {
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  status: number
}

/** A request that unpacks nothing by itself. */
function got(path: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((done, failed) => {
    request(SITE + path, { headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        done({ headers: response.headers, body: Buffer.concat(parts), status: response.statusCode ?? 0 }),
      )
    })
      .on('error', failed)
      .end()
  })
}

/** From which size on files are compressed, as the script says that does it; it cannot be imported without running. */
const script = readFileSync(new URL('../../scripts/compress.js', import.meta.url), 'utf8')
const WORTH_IT_BYTES = Number(/WORTH_IT_BYTES = (\d+)/.exec(script)?.[1])

let assets: string[] = []

beforeAll(async () => {
  const html = (await got('/')).body.toString('utf8')
  assets = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, asset]) => asset ?? '')
})

describe('served', () => {
  test('scripts and styles may be kept for ever, and come compressed as asked', async () => {
    expect(assets.length).toBeGreaterThan(1)
    expect(WORTH_IT_BYTES).toBeGreaterThan(0)
    const sum = { plain: 0, packed: 0 }
    for (const asset of assets) {
      const plain = await got(asset, { 'accept-encoding': 'identity' })
      expect(plain.headers['cache-control'], asset).toMatch(/max-age=31536000.*immutable/)
      expect(plain.headers['content-type'], asset).toMatch(/^text\/(javascript|css)/)
      expect(plain.headers['content-encoding'], asset).toBeUndefined()
      for (const [encoding, unpacked] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const packed = await got(asset, { 'accept-encoding': encoding })
        if (plain.body.length < WORTH_IT_BYTES) {
          expect(packed.headers['content-encoding'], asset).toBeUndefined()
          expect(packed.body.equals(plain.body), `${asset} for ${encoding}`).toBe(true)
          continue
        }
        expect(packed.headers['content-encoding'], asset).toBe(encoding)
        expect(packed.headers['vary'], asset).toMatch(/accept-encoding/i)
        expect(packed.body.length, asset).toBeLessThan(plain.body.length)
        sum.plain += plain.body.length
        sum.packed += packed.body.length
        expect(unpacked(packed.body).equals(plain.body), `${asset} in ${encoding}`).toBe(true)
      }
    }
    // Of all together: a small one has little that is said twice.
    expect(sum.packed).toBeGreaterThan(0)
    expect(sum.packed).toBeLessThan(sum.plain / 2)
  })

  test('the document is asked for anew, and forbids what the page does not need', async () => {
    for (const path of ['/', '/t/20214', '/en/p/20']) {
      const { headers, status } = await got(path)
      expect(status, path).toBe(200)
      expect(headers['cache-control'], path).toMatch(/no-cache/)
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      const policy = String(headers['content-security-policy'] ?? '').split(/;\s*/)
      expect(policy.toSorted(), path).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' data: blob:",
          "font-src 'self'",
          "connect-src 'self'",
          "worker-src 'self' blob:",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ].toSorted(),
      )
    }
  })

  test('an asset that is not there is not the document', async () => {
    expect((await got('/assets/no-such-chunk.js')).status).toBe(404)
  })
})
