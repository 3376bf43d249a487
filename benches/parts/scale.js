// How a call's cost grows with the number of calls that wait for the same token: it must not.

import { inChild } from '../measure.js'
import { rowsOf } from '../rows.js'

export const WHAT = 'processor time of a call that waits for a token with others'

/** @param {number} count */
export const among = (count) => `among ${count.toLocaleString('en')}`

/** @param {import('../settings.js').Settings['scale']} settings */
export async function run({ rounds, waiting, atLeast }) {
  /** @type {import('../measure.js').Samples} */
  const samples = {}
  for (let round = 0; round < rounds; round += 1) {
    for (const { count, us } of await inChild('scale', { waiting, atLeast }))
      (samples[among(count)] ??= []).push(us)
  }
  return rowsOf('scale', WHAT, 'µs', samples)
}
