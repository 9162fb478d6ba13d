// Five projects: `unit` runs anywhere; `browser` needs a server that has the page (KAYOI_URL, KAYOI_PG) and Chromium,
// `pictures` the same, to write the pictures of the documentation, and `measure` too, to print how long things take.
// `signed` stands apart since it needs another server, one with users.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const SIGNED = 'tests/browser/signed.test.ts'

export default defineConfig({
  test: {
    projects: [
      { plugins: [svelte()], test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: [SIGNED],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'signed',
          include: [SIGNED],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pictures',
          include: ['tests/browser/screenshots.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'measure',
          include: ['tests/browser/measure.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
