// Pages that no tool has prepared: the package as its files are.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../js/support/simulator.js'
import { openPage } from './page.js'

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./workbench.js').Workbench} Workbench */

/** What a page with a strict policy needs for the package alone. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

/**
 * Serves a folder from the simulator's own address and opens a page of it.
 * @param {Workbench} bench
 * @param {string} folder
 * @param {{ browser?: 'chromium' | 'firefox', page?: string }} [options]
 */
export async function pageRow(bench, folder, { browser = 'chromium', page = 'index.html' } = {}) {
  const platform = await bench.platform('--mount', `/=${folder}`)
  try {
    const outcome = await openPage(await bench.browsers[browser](), `${platform.http}/${page}`)
    return { ...outcome, received: await platform.granted() }
  } finally {
    await platform.stop()
  }
}

/** A page that begins with one of the samples. @param {string} script @param {string} [head] */
export function html(script, head = '') {
  const text = readFileSync(join(root, 'tests/tarball/samples/index.html'), 'utf8')
  return text.replace('./page.js', script).replace('<link ', () => `${head}\n    <link `)
}

/** @param {Workbench} bench */
function withImportMap(bench, entry = bench.entry()) {
  const map = JSON.stringify({ imports: { northbound: entry } })
  return bench.project({
    'index.html': html('./page.js', `<script type="importmap">${map}</script>`),
  })
}

/**
 * A project whose samples name the package by its path, for workers and policies know no import map.
 * @param {Workbench} bench
 * @param {string} page
 */
function withPaths(bench, page) {
  /** @type {Record<string, string>} */
  const files = { 'index.html': page }
  for (const name of ['page.js', 'worker.js', 'service-worker.js']) {
    const text = readFileSync(join(root, 'tests/tarball/samples', name), 'utf8')
    files[name] = text.replace("'northbound'", `'${bench.entry()}'`)
  }
  return bench.project(files)
}

/** @param {string} policy */
function policed(policy) {
  // The icon is the sample's own.
  const content = `${policy}; img-src data:`
  return html('./page.js', `<meta http-equiv="Content-Security-Policy" content="${content}" />`)
}

/** @type {[name: string, folder: (bench: Workbench) => string, expected?: import('./table.js').Expected][]} */
const KINDS = [
  ['page with an import map', (bench) => withImportMap(bench)],
  ['page with northbound/inline', (bench) => withImportMap(bench, bench.entry('./inline'))],
  ['page with a strict Content-Security-Policy', (bench) => withPaths(bench, policed(POLICY))],
  [
    "the same page without 'wasm-unsafe-eval'",
    (bench) => withPaths(bench, policed(POLICY.replace(" 'wasm-unsafe-eval'", ''))),
    {
      step: 'init',
      says: /Content-Security-Policy allows wasm-unsafe-eval/,
      because: 'the browser forbids WebAssembly; the error names the line that is missing',
    },
  ],
  ['web worker', (bench) => withPaths(bench, html('./page-with-worker.js'))],
  ['service worker', (bench) => withPaths(bench, html('./page-with-service-worker.js'))],
]

/** @type {Row[]} */
export const PAGES = /** @type {const} */ (['chromium', 'firefox']).flatMap((browser) =>
  KINDS.map(([name, folder, expected]) => ({
    name: `${browser === 'chromium' ? 'Chromium' : 'Firefox'}, ${name}`,
    version: async (bench) => {
      const version = await (await bench.browsers[browser]()).version()
      return version.replace(/^\D*/, '')
    },
    run: (bench) => pageRow(bench, folder(bench), { browser }),
    ...(expected ? { expected } : {}),
  })),
)
