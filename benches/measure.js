// How figures are taken: in rounds, in which everybody has a turn, so that whatever disturbs the machine disturbs
// all of them; and how a ratio is made of them: within each round first, then the median.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * A figure for each round, in their order, by who was measured.
 * @typedef {Record<string, number[]>} Samples
 * @typedef {{ median: number, min: number, max: number }} Spread
 */

/** @param {readonly number[]} figures */
export function median(figures) {
  if (figures.length === 0) throw new Error('there is no median of nothing')
  const sorted = figures.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (Number(low) + Number(high)) / 2
}

/** @param {readonly number[]} figures @returns {Spread} */
export function spread(figures) {
  return { median: median(figures), min: Math.min(...figures), max: Math.max(...figures) }
}

/**
 * What one is to the other, round by round.
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function ratios(ours, theirs) {
  if (ours.length !== theirs.length)
    throw new Error(`${ours.length} rounds cannot be compared with ${theirs.length}`)
  return ours.map((figure, round) => figure / Number(theirs[round]))
}

/**
 * Lets everybody have a turn in each round. Each round begins with another one, so that nobody always comes
 * after the same neighbour.
 * @param {Record<string, () => Promise<number> | number>} takes one figure each
 * @param {number} count
 * @returns {Promise<Samples>}
 */
export async function interleaved(takes, count) {
  const names = Object.keys(takes)
  /** @type {Samples} */
  const samples = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < count; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = String(names[(turn + round) % names.length])
      const figure = await takes[name]?.()
      if (figure === undefined || !Number.isFinite(figure) || figure < 0)
        throw new Error(`${name} gave the figure ${figure}`)
      samples[name]?.push(figure)
    }
  }
  return samples
}

/** Adds the rounds of another run to those that are there. @param {Samples[]} runs @returns {Samples} */
export function joined(runs) {
  const names = Object.keys(runs[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, runs.flatMap((run) => run[name] ?? [])]))
}

/** Batches of a turn: a neighbour on the same core can only add to them, so the least counts. */
const BATCHES = 3

/**
 * Microseconds of processor time that something takes, in batches of about so many milliseconds, after a warm-up.
 * Unlike the clock it does not go on while others have the processor; it includes the threads of this process.
 * @param {{ run: () => unknown, async?: boolean }} subject
 * @param {{ batchMs: number, warmMs: number }} times
 * @returns {Promise<() => Promise<number>>} takes a figure
 */
export async function stopwatch({ run, async = false }, { batchMs, warmMs }) {
  const batch = async ? awaitedBatch : plainBatch
  let size = 1
  let spent = 0
  for (let took = 0; spent < warmMs || took < batchMs / 2;) {
    took = (await batch(run, size)) / 1000
    spent += took
    if (took < batchMs) size = Math.ceil(size * Math.min(4, batchMs / Math.max(took, 0.01)))
  }
  return async () => {
    let least = Infinity
    for (let turn = 0; turn < BATCHES; turn += 1) least = Math.min(least, await batch(run, size))
    return least / size
  }
}

/** @param {() => unknown} run @param {number} size */
function plainBatch(run, size) {
  const start = process.cpuUsage()
  for (let done = 0; done < size; done += 1) run()
  return since(start)
}

/** @param {() => unknown} run @param {number} size */
async function awaitedBatch(run, size) {
  const start = process.cpuUsage()
  for (let done = 0; done < size; done += 1) await run()
  return since(start)
}

/** Microseconds of processor time. @param {NodeJS.CpuUsage} start */
export function since(start) {
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/**
 * Runs a program of children/ in a process of its own.
 * @param {string} name
 * @param {Record<string, unknown>} given what it reads by `given()`
 * @param {string[]} [flags] of Node
 * @returns {Promise<any>} what it told by `tell()`
 */
export async function inChild(name, given, flags = []) {
  const file = fileURLToPath(new URL(`children/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(given)], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`children/${name}.js ended with code ${code}`)
  return JSON.parse(said)
}

/** Without proxies, which clients obey, and without options that would change what is measured. */
export function environment() {
  const odd = /^(NODE_OPTIONS|NODE_V8_COVERAGE|NODE_USE_ENV_PROXY|NODE_TEST_CONTEXT|.*_proxy)$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !odd.test(name)))
}

/** What a child was given. @returns {any} */
export const given = () => JSON.parse(process.argv[2] ?? '{}')

/** Hands over what a child has measured. @param {unknown} figures */
export const tell = (figures) => process.stdout.write(`${JSON.stringify(figures)}\n`)
