// Next: a page that calls in the browser, and routes in both of its runtimes.

import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { openPage, outcomeOf } from './page.js'
import { serve, succeed } from './programs.js'

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./workbench.js').Workbench} Workbench */

/** @type {Map<string, Promise<string>>} */
const builds = new Map()

/**
 * The folder with the build of a part of the sample, one for all of its rows.
 * @param {Workbench} bench
 * @param {'app' | 'edge'} part
 */
function build(bench, part) {
  const known = builds.get(part)
  if (known) return known
  // Next itself stands above the project, which a user's does not.
  const config = `export default { turbopack: { root: ${JSON.stringify(bench.tools)} } }\n`
  const cwd = bench.project({ 'next.config.mjs': config })
  cpSync(join(cwd, 'next', part), join(cwd, 'app'), { recursive: true })
  const next = bench.tool('next/dist/bin/next')
  const built = succeed(process.execPath, [next, 'build'], { cwd }).then(() => cwd)
  builds.set(part, built)
  return built
}

/**
 * @param {Workbench} bench
 * @param {'app' | 'edge'} part
 * @param {(address: string, platform: string) => Promise<import('./page.js').Outcome>} visit
 */
async function nextRow(bench, part, visit) {
  const cwd = await build(bench, part)
  const platform = await bench.platform('--cors', '--preflight', 'permissive')
  try {
    const args = [bench.tool('next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0']
    const server = await serve(process.execPath, args, { cwd, ready: /Local:\s+(http:\S+)/ })
    try {
      const outcome = await visit(server.match[1] ?? '', platform.http)
      return { ...outcome, received: await platform.granted() }
    } finally {
      await server.stop()
    }
  } finally {
    await platform.stop()
  }
}

/** @param {'app' | 'edge'} part @returns {Row['run']} */
function routeRow(part) {
  return (bench) =>
    nextRow(bench, part, async (address, platform) => {
      const answer = await fetch(`${address}/api?platform=${platform}`)
      const text = await answer.text()
      if (!answer.ok) return { done: [], problem: `status ${answer.status}: ${text.slice(0, 300)}` }
      return outcomeOf(JSON.parse(text))
    })
}

/** @type {Pick<Row, 'version'>} */
const common = { version: (bench) => bench.version('next') }

/** @type {Row[]} */
export const NEXT = [
  {
    ...common,
    name: 'Next, page',
    run: (bench) =>
      nextRow(bench, 'app', async (address, platform) =>
        openPage(await bench.browsers.chromium(), `${address}/?platform=${platform}`),
      ),
  },
  { ...common, name: 'Next, route in its Node.js runtime', run: routeRow('app') },
  // A build of its own, for a runtime that Next gives up.
  { ...common, name: 'Next, route in its Edge runtime', run: routeRow('edge'), long: true },
]
