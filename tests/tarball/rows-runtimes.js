// Runtimes outside the browser, and the runners of tests.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../js/support/simulator.js'
import { outcomeOf } from './page.js'
import { lastWords, run, serve, succeed } from './programs.js'

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./workbench.js').Workbench} Workbench */

const HERE = process.versions.node

/** @param {Workbench} bench @param {22 | 24} major */
function nodeOf(bench, major) {
  const name = `node-${major}-${process.platform}-${process.arch}`
  const program = bench.tool(`${name}/bin/node`)
  if (!existsSync(program)) throw new Error(`tests/tarball/package.json has no ${name}`)
  return { program, version: bench.version(name) }
}

/** @param {Workbench} bench */
function bun(bench) {
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  return bench.tool(`@oven/bun-${process.platform}-${arch}/bin/bun`)
}

/** Not the one in .bin/, which hides its pipes. @param {Workbench} bench */
function workerd(bench) {
  const arch = process.arch === 'arm64' ? 'arm64' : '64'
  return bench.tool(`@cloudflare/workerd-${process.platform}-${arch}/bin/workerd`)
}

/**
 * Runs a sample whose lines tell the steps that are done.
 * @param {Workbench} bench
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [files] in place of samples
 */
async function consoleRow(bench, program, args, files = {}) {
  const cwd = bench.project(files)
  const platform = await bench.platform()
  const env = { PLATFORM: platform.http }
  const ended = await run(program, args, { cwd, env, timeoutMs: 60_000 })
  const done = [...ended.stdout.matchAll(/done: (\w+)/g)].map(([, step = '']) => step)
  const received = await platform.granted()
  await platform.stop()
  if (ended.code !== 0) return { done, problem: lastWords(ended), received }
  // A warning is what every user of the package would see.
  if (/warning/i.test(ended.stderr)) return { done: [], problem: lastWords(ended), received }
  return { done, received }
}

/** @type {Row[]} */
const ofNode = [
  {
    name: 'Node.js, import',
    version: () => HERE,
    run: (bench) => consoleRow(bench, process.execPath, ['console.js']),
  },
  {
    name: 'Node.js, require',
    version: () => HERE,
    run: (bench) => consoleRow(bench, process.execPath, ['require.cjs']),
  },
  ...[22, 24].flatMap((/** @type {any} */ major) =>
    ['console.js', 'require.cjs'].map((file) => ({
      name: `Node.js, ${file.endsWith('.cjs') ? 'require' : 'import'}`,
      version: (/** @type {Workbench} */ bench) => nodeOf(bench, major).version,
      run: (/** @type {Workbench} */ bench) =>
        consoleRow(bench, nodeOf(bench, major).program, [file]),
    })),
  ),
]

/** @type {Row[]} */
export const RUNTIMES = [
  ...ofNode,
  {
    name: 'Node.js, northbound/inline',
    version: () => HERE,
    run: (bench) => {
      const text = readFileSync(join(root, 'tests/tarball/samples/console.js'), 'utf8')
      const files = { 'console.js': text.replace("'northbound'", "'northbound/inline'") }
      return consoleRow(bench, process.execPath, ['console.js'], files)
    },
  },
  {
    name: 'Deno',
    version: (bench) => bench.version('deno'),
    run: (bench) => {
      const permissions = ['--no-prompt', '--allow-net', '--allow-env=PLATFORM']
      const program = bench.tool('.bin/deno')
      return consoleRow(bench, program, ['run', ...permissions, 'console.js'])
    },
  },
  {
    name: 'Bun',
    version: (bench) => bench.version('bun'),
    run: (bench) => consoleRow(bench, bun(bench), ['console.js']),
  },
  {
    name: 'workerd, bundled by wrangler',
    version: (bench) => `${bench.version('workerd')}, ${bench.version('wrangler')}`,
    run: workerdRow,
  },
  {
    name: 'node:test',
    version: () => HERE,
    run: (bench) => consoleRow(bench, process.execPath, ['--test', 'node.test.js']),
  },
  {
    name: 'jsdom, in vitest',
    version: (bench) => `${bench.version('jsdom')}, ${bench.version('vitest')}`,
    run: (bench) => {
      const args = ['run', '--globals', '--environment', 'jsdom', 'jsdom.test.js']
      return consoleRow(bench, process.execPath, [bench.tool('vitest/vitest.mjs'), ...args])
    },
  },
]

/** @param {Workbench} bench */
async function workerdRow(bench) {
  const cwd = bench.project()
  const wrangler = bench.tool('wrangler/bin/wrangler.js')
  const args = ['deploy', 'workerd.js', '--dry-run', '--outdir', 'bundled', '--name', 'sample']
  const dated = ['--compatibility-date', '2026-11-01']
  await succeed(nodeOf(bench, 24).program, [wrangler, ...args, ...dated], { cwd })
  writeFileSync(join(cwd, 'workerd.capnp'), workerdConfig(readdirSync(join(cwd, 'bundled'))))
  const platform = await bench.platform()
  const options = { cwd, ready: /"event":"listen".*"port":(\d+)/, fd3: true }
  const serving = ['serve', 'workerd.capnp', '--control-fd=3']
  const server = await serve(workerd(bench), serving, options).catch(async (error) => {
    await platform.stop()
    throw error
  })
  const answer = await fetch(`http://127.0.0.1:${server.match[1]}/?platform=${platform.http}`)
  const text = await answer.text()
  await server.stop()
  const received = await platform.granted()
  await platform.stop()
  if (!answer.ok) return { done: [], problem: text || lastWords(server.output), received }
  return { ...outcomeOf(JSON.parse(text)), received }
}

/** @param {string[]} files what wrangler made */
function workerdConfig(files) {
  const modules = files
    .filter((file) => /\.(js|wasm)$/.test(file))
    .sort((left, right) => Number(right === 'workerd.js') - Number(left === 'workerd.js'))
    .map((file) => {
      const kind = file.endsWith('.wasm') ? 'wasm' : 'esModule'
      return `    (name = "${file}", ${kind} = embed "bundled/${file}")`
    })
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .sample),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const sample :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
${modules.join(',\n')}
  ],
);
`
}
