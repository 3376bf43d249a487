// Runs the parts one after another; each gives rows, and all rows together are the report.

import { readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { checkPeers } from './check.js'
import { judged } from './goals.js'
import * as bytes from './parts/bytes.js'
import * as calls from './parts/calls.js'
import * as memory from './parts/memory.js'
import * as scale from './parts/scale.js'
import * as start from './parts/start.js'
import * as work from './parts/work.js'
import { peersFolder } from './peers/installed.js'
import { SETTINGS } from './settings.js'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** @typedef {import('./rows.js').Row} Row */
/** @typedef {import('./settings.js').Settings} Settings */

/** @type {Record<string, (settings: Settings) => Promise<Row[]>>} */
export const PARTS = {
  build: ({ work: times }) => work.build(times),
  read: ({ work: times }) => work.read(times),
  client: ({ work: times }) => work.client(times),
  calls: (settings) => calls.run(settings.calls),
  start: (settings) => start.run(settings.start),
  bytes: () => bytes.run(),
  memory: (settings) => memory.run(settings.memory),
  scale: (settings) => scale.run(settings.scale),
}

/**
 * @typedef {object} Report
 * @property {keyof typeof SETTINGS} size
 * @property {string[]} parts
 * @property {Record<string, string>} machine
 * @property {Record<string, string>} versions
 * @property {Row[]} rows
 * @property {import('./goals.js').Judged[]} goals
 */

/**
 * @param {keyof typeof SETTINGS} size
 * @param {string[]} parts
 * @param {(line: string) => void} [progress]
 * @returns {Promise<Report>}
 */
export async function measure(size, parts, progress = () => {}) {
  const machine = machineOf()
  await timed('check of what everybody sends', progress, checkPeers)
  const rows = []
  for (const name of parts) {
    const run = PARTS[name]
    if (run === undefined) throw new Error(`there is no part ${name}`)
    rows.push(...(await timed(name, progress, () => run(SETTINGS[size]))))
  }
  return { size, parts, machine, versions: versionsOf(), rows, goals: judged(rows) }
}

/**
 * @template T
 * @param {string} name
 * @param {(line: string) => void} progress
 * @param {() => Promise<T>} run
 */
async function timed(name, progress, run) {
  const begin = performance.now()
  progress(`${name} ... `)
  const result = await run()
  progress(`${((performance.now() - begin) / 1000).toFixed(1)} s\n`)
  return result
}

function machineOf() {
  const cpus = os.cpus()
  return {
    processors: `${cpus.length} x ${cpus[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.arch()}`,
    'load before the run': os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(', '),
  }
}

function versionsOf() {
  const peers = readJson(join(peersFolder(), 'package.json')).dependencies
  return {
    northbound: readJson(join(root, 'pkg/package.json')).version,
    'Node.js': process.versions.node,
    V8: process.versions.v8,
    ...peers,
    esbuild: readJson(join(root, 'package.json')).devDependencies.esbuild,
  }
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
