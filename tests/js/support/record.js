// Serves the test page of the recorder: bundled here, under the console's own policy, beside the simulator.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { build } from 'esbuild'

import { root, startSimulator } from './simulator.js'

/** @param {string[]} [args] of the simulator */
export async function serveRecordPage(args = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'northbound-record-'))
  await build({
    entryPoints: [`${root}tests/js/pages/record.tsx`],
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'error',
    // The package finds its wasm beside itself.
    plugins: [
      {
        name: 'northbound',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^northbound$/ }, () => ({
            path: '/northbound/browser.js',
            external: true,
          })),
      },
    ],
  })
  const html = await readFile(`${root}www/index.html`, 'utf8')
  const page = html
    .replace('/src/main.tsx', '/record.js')
    .replace('</head>', '<link rel="stylesheet" href="/record.css" /></head>')
  await writeFile(path.join(folder, 'index.html'), page)
  const simulator = await startSimulator({
    args: ['--demo-devices', '--mount', `/=${folder}`, '--mount', '/northbound=pkg', ...args],
  })
  return {
    ...simulator,
    async stop() {
      await simulator.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
