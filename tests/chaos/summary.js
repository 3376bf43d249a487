// The matrix in figures: how many cells came to which outcome, and what the process holds afterwards.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** @typedef {Awaited<ReturnType<typeof import('./matrix.js').runMatrix>>} Cells */

const OUTCOMES = ['ok', 'network', 'timeout', 'decode', 'platform']

/**
 * A line for each fault: cells by outcome, calls after it that met a stale connection, the slowest.
 * @param {Cells} cells
 * @returns {string[]}
 */
export function summary(cells) {
  const names = [...new Set(cells.map(({ plan }) => plan.fault.name))]
  const row = (/** @type {string} */ name, /** @type {Cells} */ of) => [
    name,
    ...OUTCOMES.map((outcome) => of.filter(({ came }) => came === outcome).length),
    of.reduce((sum, { stale }) => sum + stale, 0),
    `${Math.max(...of.map(({ tookMs }) => tookMs)) | 0} ms`,
    of.filter(({ complaints }) => complaints.length > 0).length,
  ]
  const rows = [
    ['fault', ...OUTCOMES, 'stale', 'slowest', 'wrong'],
    ...names.map((name) =>
      row(
        name,
        cells.filter(({ plan }) => plan.fault.name === name),
      ),
    ),
    row(`all ${cells.length} cells`, cells),
  ].map((cellsOf) => cellsOf.map(String))
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((each) => each[at]?.length ?? 0)),
  )
  return rows.map((each) =>
    each
      .map((text, at) => (at === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join('  '),
  )
}

/**
 * The memories of WebAssembly instances that are made from now on: import the package afterwards.
 * @returns {WebAssembly.Memory[]}
 */
export function watchWasmMemories() {
  /** @type {WebAssembly.Memory[]} */
  const memories = []
  WebAssembly.Instance = class extends WebAssembly.Instance {
    /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
    constructor(module, imports) {
      super(module, imports)
      for (const value of Object.values(this.exports)) {
        if (value instanceof WebAssembly.Memory) memories.push(value)
      }
    }
  }
  return memories
}

/**
 * How large they are.
 * @returns {() => number} bytes
 */
export function watchWasmMemory() {
  const memories = watchWasmMemories()
  return () => {
    if (memories.length === 0) throw new Error('no WebAssembly memory was seen')
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
  }
}

/** Collects garbage, and says what is left. @param {() => number} wasmBytes */
export async function memory(wasmBytes) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let round = 0; round < 3; round += 1) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { rss, external, heapUsed } = process.memoryUsage()
  const mib = (/** @type {number} */ bytes) => Math.round((bytes / 2 ** 20) * 10) / 10
  return { rss: mib(rss), external: mib(external), heap: mib(heapUsed), wasm: mib(wasmBytes()) }
}
