// Builds the console into www/dist/: one page, no inline script, the package's wasm as a file of its own.
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { policyOfPage } from './policy.js'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Works wherever it is put, a sub-folder of a site included.
  base: './',
  resolve: {
    alias: { northbound: fileURLToPath(new URL('../pkg/browser.js', import.meta.url)) },
  },
  // u8-mqtt asks for it as it is loaded, and where the browser denies storage, that alone would end the page.
  define: { 'globalThis.sessionStorage': 'undefined' },
  plugins: [withPolicy(), withoutText()],
  build: {
    target: 'es2022',
    // The policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // scripts/console tells the sizes, and refuses what is too large.
    reportCompressedSize: false,
  },
  // The page is served by the simulator or nginx; this server is for working on it.
  server: { fs: { allow: ['..'] } },
})

/** The policy stands in the built page; the server for working on it needs inline styles and scripts. */
function withPolicy() {
  return /** @satisfies {import('vite').Plugin} */ ({
    name: 'policy',
    apply: 'build',
    transformIndexHtml() {
      const attrs = { 'http-equiv': 'Content-Security-Policy', content: policyOfPage() }
      return [{ tag: 'meta', attrs, injectTo: /** @type {const} */ ('head-prepend') }]
    },
  })
}

/**
 * The package brings the wasm a second time, as text, for pages that come without the file. This one comes with
 * it: where the file cannot be had, neither could the text.
 */
function withoutText() {
  const none = '\0without-text'
  return /** @satisfies {import('vite').Plugin} */ ({
    name: 'without-text',
    enforce: /** @type {const} */ ('pre'),
    resolveId: (id) => (id === './inline-wasm.js' ? none : undefined),
    load: (id) => (id === none ? 'export const wasmBytes = undefined' : undefined),
  })
}
