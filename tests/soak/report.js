// What a soak comes to: counts, claims that the journal confirms or not, the curve of memory.

import { inspect } from 'node:util'

/** @typedef {Awaited<ReturnType<typeof import('../chaos/summary.js').memory>>} Memory */

const COLUMNS = [6, 6, 8, 8, 8, 10, 9, 9, 9, 9]

/** @param {(string | number)[]} cells */
const row = (cells) => cells.map((cell, at) => String(cell).padStart(COLUMNS[at] ?? 9)).join(' ')

/** The heads of the curve's columns; memory is in MiB. */
export const head = () =>
  row(['s', 'lanes', 'calls', 'failed', 'faults', 'slowest ms', 'rss', 'heap', 'external', 'wasm'])

/** Counts calls, and keeps their claims until they are confirmed. */
export class Tally {
  /** @type {import('./load.js').Claim[]} */
  #claims = []
  /** @type {Map<string, number>} */
  #outcomes = new Map()
  /** @type {Map<string, number>} */
  #faults = new Map()
  #slowestMs = 0
  #northbound
  /** What is wrong with errors, as sentences. @type {string[]} */
  wrong = []

  /** @param {typeof import('northbound')} northbound */
  constructor(northbound) {
    this.#northbound = northbound
  }

  /** @template {{ name: string }} F @param {F} fault @returns {F} */
  faulted(fault) {
    add(this.#faults, fault.name)
    return fault
  }

  /** @param {import('./load.js').Claim} claim @param {number} tookMs */
  succeeded(claim, tookMs) {
    this.#claims.push(claim)
    this.#ended('ok', tookMs)
  }

  /** @param {any} error @param {number} tookMs */
  failed(error, tookMs) {
    const ours = error instanceof this.#northbound.NorthboundError
    const { kind = 'none of ours', code } = ours ? /** @type {any} */ (error) : {}
    this.#ended(code ? `${kind} ${code}` : kind, tookMs)
    // Under faults these are right; whatever else comes is not.
    if (!['network', 'timeout', 'decode', 'platform'].includes(kind))
      this.wrong.push(inspect(error))
  }

  /** @param {string} outcome @param {number} tookMs */
  #ended(outcome, tookMs) {
    add(this.#outcomes, outcome)
    this.#slowestMs = Math.max(this.#slowestMs, tookMs)
  }

  /**
   * The claims that the journal knows nothing of.
   * @param {import('./load.js').Entry[]} journal
   */
  confirm(journal) {
    const claims = this.#claims.splice(0)
    return claims
      .filter(({ holds }) => !journal.some(holds))
      .map(({ what }) => `a call succeeded, and the journal does not know of it: ${what}`)
  }

  /** @param {Memory} now @param {number} lanes @param {number} seconds */
  line({ rss, heap, external, wasm }, lanes, seconds) {
    const counts = [sum(this.#outcomes), sum(this.#outcomes) - (this.#outcomes.get('ok') ?? 0)]
    const slowest = Math.round(this.#slowestMs)
    this.#slowestMs = 0
    return row([
      Math.round(seconds),
      lanes,
      ...counts,
      sum(this.#faults),
      slowest,
      rss,
      heap,
      external,
      wasm,
    ])
  }

  /** Outcomes and faults in figures. */
  table() {
    const lines = (/** @type {Map<string, number>} */ counts) =>
      [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => `${String(count).padStart(8)}  ${name}`)
    return [
      'Calls by outcome',
      ...lines(this.#outcomes),
      '',
      'Faults',
      ...lines(this.#faults),
    ].join('\n')
  }
}

/**
 * Whether memory has stopped growing: the last third of the curve against the middle one.
 * @param {Memory[]} curve
 * @returns {string[]} what has not
 */
export function flat(curve) {
  const third = Math.floor(curve.length / 3)
  if (third === 0) return [`${curve.length} points are no curve`]
  const most = (
    /** @type {'rss' | 'heap' | 'external' | 'wasm'} */ name,
    /** @type {number} */ from,
  ) => Math.max(...curve.slice(from, from + third).map((point) => point[name]))
  const [middle, last] = [curve.length - 2 * third, curve.length - third]
  // What the allocators of Node and of the system keep for later is no leak; a leak is not that small.
  const allowed = /** @type {const} */ ({ rss: 40, heap: 10, external: 10, wasm: 0.2 })
  return /** @type {(keyof typeof allowed)[]} */ (Object.keys(allowed)).flatMap((name) => {
    const grown = most(name, last) - most(name, middle)
    return grown > allowed[name] ? [`${name} grew by ${grown.toFixed(1)} MiB`] : []
  })
}

/** @param {Map<string, number>} counts @param {string} name */
const add = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1)

/** @param {Map<string, number>} counts */
const sum = (counts) => [...counts.values()].reduce((total, count) => total + count, 0)
