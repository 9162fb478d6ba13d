// The page is built into `dist`, which the Rust crate above embeds. Names of assets carry a hash of their content, so
// that the server may let them be kept for ever; `index.html` is asked for anew each time.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/** The server that the development server asks; `make page` needs none. */
const server = process.env.KAYOI_URL ?? 'http://127.0.0.1:8080'

/** The server looks whether a page is its own, so that it must hear the name by which the page was called. */
const behind = { target: server, changeOrigin: false }

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'es2022', sourcemap: false, modulePreload: { polyfill: false } },
  server: { proxy: { '/v1': behind, '/openapi.json': behind, '/health': behind } },
})
