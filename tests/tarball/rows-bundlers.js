// Bundlers, each with the configuration of a beginner: none where it works without.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { openPage } from './page.js'
import { serve, succeed } from './programs.js'
import { html, pageRow } from './rows-pages.js'

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./workbench.js').Workbench} Workbench */

/**
 * Builds a project and opens its page from the simulator's own address.
 * @param {Workbench} bench
 * @param {string} program below node_modules/ of the tools
 * @param {string[]} args
 * @param {{ files?: Record<string, string>, page?: string }} [options] `page`: what goes beside the result
 */
async function buildRow(bench, program, args, { files = {}, page } = {}) {
  const cwd = bench.project(files)
  const ended = await succeed(process.execPath, [bench.tool(program), ...args], { cwd })
  const warning = `${ended.stdout}\n${ended.stderr}`.split('\n').find(warns)
  if (warning !== undefined) return { done: [], problem: `the build warns: ${warning}` }
  const built = join(cwd, 'dist')
  if (page !== undefined) {
    mkdirSync(built, { recursive: true })
    writeFileSync(join(built, 'index.html'), page)
  }
  return pageRow(bench, built)
}

/** @param {string} line of what a bundler prints */
function warns(line) {
  // webpack's advice for whatever is larger than 244 KiB before its compression, and its count.
  if (/asset size limit|compiled with 1 warning/.test(line)) return false
  return /\bwarn(ing)?\b|\(!\)/i.test(line)
}

/** @param {Workbench} bench */
async function viteDevRow(bench) {
  const cwd = bench.project()
  const platform = await bench.platform('--cors', '--preflight', 'permissive')
  try {
    const args = [bench.tool('vite/bin/vite.js'), '--host', '127.0.0.1']
    const server = await serve(process.execPath, args, { cwd, ready: /Local:\s+(http:\S+)/ })
    const address = `${server.match[1]}?platform=${platform.http}`
    const outcome = await openPage(await bench.browsers.chromium(), address)
    await server.stop()
    return { ...outcome, received: await platform.granted() }
  } finally {
    await platform.stop()
  }
}

/** @type {Row[]} */
export const BUNDLERS = [
  { name: 'Vite, dev server', version: (bench) => bench.version('vite'), run: viteDevRow },
  {
    name: 'Vite, build',
    version: (bench) => bench.version('vite'),
    run: (bench) => buildRow(bench, 'vite/bin/vite.js', ['build']),
  },
  {
    name: 'Vite, build with a web worker',
    version: (bench) => bench.version('vite'),
    run: (bench) => {
      const files = { 'index.html': html('./page-with-worker.js') }
      return buildRow(bench, 'vite/bin/vite.js', ['build'], { files })
    },
  },
  {
    name: 'webpack',
    version: (bench) => bench.version('webpack'),
    run: (bench) => webpackRow(bench, './page.js'),
  },
  {
    name: 'webpack with a web worker',
    version: (bench) => bench.version('webpack'),
    run: (bench) => webpackRow(bench, './page-with-worker.js'),
  },
  {
    name: 'Rollup with node-resolve',
    version: (bench) => bench.version('rollup'),
    run: (bench) => {
      const args = ['page.js', '--dir', 'dist', '--plugin', '@rollup/plugin-node-resolve']
      return buildRow(bench, 'rollup/dist/bin/rollup', args, { page: html('./page.js') })
    },
  },
  {
    name: 'esbuild',
    version: (bench) => bench.version('esbuild'),
    run: (bench) => {
      const args = ['page.js', '--bundle', '--format=esm', '--outdir=dist']
      return buildRow(bench, 'esbuild/bin/esbuild', args, { page: html('./page.js') })
    },
  },
  {
    name: 'esbuild, as one classic script',
    version: (bench) => bench.version('esbuild'),
    run: (bench) => {
      const page = html('./page.js').replace('type="module"', 'defer')
      const args = ['page.js', '--bundle', '--minify', '--outdir=dist']
      return buildRow(bench, 'esbuild/bin/esbuild', args, { page })
    },
  },
  {
    name: 'Parcel',
    version: (bench) => bench.version('parcel'),
    run: (bench) => buildRow(bench, 'parcel/lib/bin.js', ['build', 'index.html', '--no-cache']),
  },
]

/** @param {Workbench} bench @param {string} entry */
function webpackRow(bench, entry) {
  const args = ['build', '--mode', 'production', '--entry', entry]
  return buildRow(bench, 'webpack-cli/bin/cli.js', args, { page: html('./main.js') })
}
