// What a row works with: the packed package installed in a folder, the simulator, browsers and the tools.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'

import { launchChromium } from '../js/support/chromium.js'
import { root, startSimulator } from '../js/support/simulator.js'
import { firefox } from '../js/support/tabs.js'
import { npm } from './programs.js'

/** @typedef {Awaited<ReturnType<typeof openWorkbench>>} Workbench */
/** @typedef {Awaited<ReturnType<typeof startPlatform>>} Platform */

const SAMPLES = join(root, 'tests/tarball/samples')

/**
 * @param {string} tools the folder where scripts/setup has installed package.json of this folder
 */
export async function openWorkbench(tools) {
  // Below the tools, so that a project finds them as it would in its own node_modules/.
  for (const name of readdirSync(tools)) removeLeftover(join(tools, name))
  const work = mkdtempSync(join(tools, 'work-'))
  process.on('exit', () => rmSync(work, { recursive: true, force: true }))
  const template = join(work, 'template')
  const tarball = await pack(work)
  await install(template, tarball)
  const { exports } = readJson(join(template, 'node_modules/northbound/package.json'))
  const browsers = lazyBrowsers()
  let projects = 0
  return {
    tools,
    tarball,
    browsers,
    /**
     * A new folder with the package installed and the samples, and further files.
     * @param {Record<string, string>} [files] by their names
     */
    project(files = {}) {
      const folder = join(work, `project-${(projects += 1)}`)
      cpSync(template, folder, { recursive: true })
      cpSync(SAMPLES, folder, { recursive: true })
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      return folder
    },
    /** A program of the tools' packages. @param {string} path below node_modules/ */
    tool: (path) => join(tools, 'node_modules', path),
    /** The version of one of the tools. @param {string} name */
    version: (name) => readJson(join(tools, 'node_modules', name, 'package.json')).version,
    /** The address of an entry for browsers on a server of the project's folder. */
    entry(subpath = '.') {
      const entry = exports[subpath].browser ?? exports[subpath].default
      return `/node_modules/northbound/${(entry.default ?? entry).slice(2)}`
    },
    platform: startPlatform,
    close: () => browsers.close(),
  }
}

/** The simulator with the device that the samples use. @param {string[]} args */
export async function startPlatform(...args) {
  const platform = await startSimulator({ args: ['--no-mqtt', '--no-tls', ...args] })
  const device = { deviceId: 'dev-1', nodeId: 'meter-1', state: 'offline', appId: 'app1' }
  await platform.control('POST', '/devices', device)
  return {
    ...platform,
    /** The operations that it was asked for and granted. @returns {Promise<string[]>} */
    async granted() {
      const calls = await platform.journal()
      return calls
        .filter((/** @type {{ status: number }} */ { status }) => status < 300)
        .map((/** @type {{ operation: string }} */ { operation }) => operation)
    },
  }
}

/** @param {string} folder @returns {Promise<string>} the tarball's path */
async function pack(folder) {
  const args = ['pack', '--silent', '--pack-destination', folder, join(root, 'pkg')]
  const { stdout } = await npm(args, folder)
  return join(folder, stdout.trim())
}

/** Removes what a run left behind that was killed, if it began a day ago. @param {string} folder */
function removeLeftover(folder) {
  const isOld = Date.now() - statSync(folder).mtimeMs > 86_400_000
  if (basename(folder).startsWith('work-') && isOld)
    rmSync(folder, { recursive: true, force: true })
}

/** @param {string} folder @param {string} tarball */
async function install(folder, tarball) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  await npm(['install', '--ignore-scripts', '--no-package-lock', tarball], folder)
}

/** One browser of each kind, started when the first row asks for it. */
function lazyBrowsers() {
  /** @type {Partial<Record<'chromium' | 'firefox', Promise<import('puppeteer-core').Browser>>>} */
  const started = {}
  return {
    chromium: () => (started.chromium ??= launchChromium()),
    firefox: () => (started.firefox ??= firefox()),
    async close() {
      for (const browser of Object.values(started)) await (await browser).close()
    },
  }
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
