// The newcomer's path: the README's quick starts, run unchanged in an empty folder after the install that it tells.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { launchChromium } from '../js/support/chromium.js'
import { root } from '../js/support/simulator.js'
import { listen } from './page.js'
import { npm, run, serve, succeed } from './programs.js'
import { startPlatform } from './workbench.js'

/** @typedef {import('./workbench.js').Workbench} Workbench */
/** @typedef {{ folder: string, platform: import('./workbench.js').Platform, bench: Workbench }} Place */

/** Where `make demo` has the simulated platforms, and so the README too. */
const DEMO_PORT = 8080

/** What has to come of a block in the end. */
const PATIENCE_MS = 20_000

/** @type {{ name: string, block: string, file: string, run: (place: Place) => Promise<void> }[]} */
export const PATHS = [
  { name: 'Node.js', block: 'node', file: 'index.mjs', run: inNode },
  { name: 'Vite, dev server', block: 'vite', file: 'index.html', run: (place) => inVite(place) },
  { name: 'Vite, build', block: 'vite', file: 'index.html', run: inViteBuild },
  { name: 'a page without tools', block: 'page', file: 'index.html', run: inPage },
]

/**
 * Does what the README says; throws where that does not work.
 * @param {Workbench} bench
 * @param {(typeof PATHS)[number]} path
 */
export async function walk(bench, path) {
  const code = quickStart(readFileSync(join(root, 'README.md'), 'utf8'), path.block)
  const folder = mkdtempSync(join(tmpdir(), 'newcomer-'))
  // The demo's answers are the same for each start, as are its devices.
  const cors = readFileSync(join(root, 'scripts/demo'), 'utf8').match(/--cors\b/) ?? []
  const platform = await startPlatform('--demo-devices', '--mount', `/=${folder}`, ...cors)
  try {
    await npm(['init', '-y'], folder)
    await npm(['install', bench.tarball], folder)
    writeFileSync(join(folder, path.file), code)
    await path.run({ folder, platform, bench })
    const granted = await platform.granted()
    if (granted[0] !== 'login' || granted.length < 2) {
      throw new Error(`the platform granted ${granted.join(', ') || 'nothing'}`)
    }
  } finally {
    await platform.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The code block after its mark, a comment of HTML.
 * @param {string} readme
 * @param {string} name
 */
export function quickStart(readme, name) {
  const mark = `<!-- newcomer: ${name} -->`
  const [, after] = readme.split(mark)
  if (after === undefined) throw new Error(`README.md has no ${mark}`)
  const block = /^\s*```\w+\n(.*?)^```$/ms.exec(after)
  if (block?.index !== 0) throw new Error(`README.md has no code block right after ${mark}`)
  return block[1] ?? ''
}

/** @param {Place} place */
async function inNode({ folder, platform }) {
  const ended = await run(process.execPath, ['index.mjs'], { cwd: folder, env: redirect(platform) })
  if (ended.code !== 0) throw new Error(`it ended with code ${ended.code}: ${ended.stderr}`)
  if (ended.stderr) throw new Error(`it complains: ${ended.stderr}`)
  if (!ended.stdout.trim()) throw new Error('it printed nothing')
}

/** @param {Place} place */
async function inPage(place) {
  // By its own port, so from another origin than that of the calls.
  await visit(place.platform.http, place.platform)
}

/** @param {Place} place @param {string[]} command */
async function inVite({ folder, platform, bench }, command = []) {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(bench.tool('vite'), join(folder, 'node_modules/vite'))
  const vite = join(folder, 'node_modules/vite/bin/vite.js')
  const args = [vite, ...command, '--host', '127.0.0.1']
  if (command.length > 0) await succeed(process.execPath, [vite, 'build'], { cwd: folder })
  const options = { cwd: folder, env: redirect(platform), ready: /Local:\s+(http:\S+)/ }
  const server = await serve(process.execPath, args, options)
  try {
    await visit(server.match[1] ?? '', platform)
  } finally {
    await server.stop()
  }
}

/** @param {Place} place */
function inViteBuild(place) {
  return inVite(place, ['preview'])
}

/**
 * Opens a page, whose calls to the demo's address reach the platform, until it says what it has got.
 * @param {string} address
 * @param {import('./workbench.js').Platform} platform
 */
async function visit(address, platform) {
  const rule = `MAP 127.0.0.1:${DEMO_PORT} ${new URL(platform.http).host}`
  const browser = await launchChromium({ args: [`--host-resolver-rules=${rule}`] })
  try {
    const page = await browser.newPage()
    const noise = listen(page)
    const failed = noise.failed.then(() => Promise.reject(new Error(noise.texts.join('; '))))
    await page.goto(address)
    const says = `document.querySelector('output')?.value`
    await Promise.race([page.waitForFunction(says, { timeout: PATIENCE_MS }), failed])
    if (noise.texts.length > 0) throw new Error(noise.texts.join('; '))
  } finally {
    await browser.close()
  }
}

/** Has a process of Node.js reach the platform at the demo's address. @param {{ http: string }} platform */
function redirect({ http }) {
  const module = fileURLToPath(new URL('newcomer-port.js', import.meta.url))
  const ports = `${DEMO_PORT}:${new URL(http).port}`
  return { NODE_OPTIONS: `--import=${JSON.stringify(module)}`, NEWCOMER_PORTS: ports }
}
