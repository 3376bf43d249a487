// A row of the table: who needs how much for what, round by round.

/**
 * @typedef {'µs' | 'ms' | 'calls/s' | 'kB' | 'KiB' | 'MiB' | 'bytes' | 'packages'} Unit
 * @typedef {object} Row
 * @property {string} part
 * @property {string} what
 * @property {string} who
 * @property {Unit} unit
 * @property {number[]} samples one figure for each round
 */

/**
 * @param {string} part
 * @param {string} what
 * @param {Unit} unit
 * @param {import('./measure.js').Samples} samples
 * @returns {Row[]}
 */
export function rowsOf(part, what, unit, samples) {
  return Object.entries(samples).map(([who, figures]) => ({
    part,
    what,
    who,
    unit,
    samples: figures,
  }))
}

/** @param {Row[]} rows @param {string} what @param {string} who */
export function find(rows, what, who) {
  return rows.find((row) => row.what === what && row.who === who)
}
