// The work of a client without any network.

import { inChild, joined } from '../measure.js'
import { rowsOf } from '../rows.js'

/** What a group of children/work.js measures. */
export const GROUPS = {
  acs3: 'build and sign, ACS3-HMAC-SHA256',
  rpc: 'build and sign, RPC (HMAC-SHA1)',
  key: 'build refreshDeviceKey, which has no signature',
  success: 'read an answer',
  refusal: 'read a refusal',
  stubbed: 'whole call, HTTP stubbed',
}

/** @typedef {import('../settings.js').Settings['work']} Times */

export const build = (/** @type {Times} */ times) => groups('build', ['acs3', 'rpc', 'key'], times)
export const read = (/** @type {Times} */ times) => groups('read', ['success', 'refusal'], times)
export const client = (/** @type {Times} */ times) => groups('client', ['stubbed'], times)

/** @param {string} part @param {(keyof typeof GROUPS)[]} names @param {Times} times */
async function groups(part, names, { processes, rounds, batchMs, warmMs }) {
  const rows = []
  for (const group of names) {
    const runs = []
    // Several: what the compilers make of a program differs a little from process to process.
    for (let left = processes; left > 0; left -= 1)
      runs.push(await inChild('work', { group, rounds, batchMs, warmMs }))
    rows.push(...rowsOf(part, GROUPS[group], 'µs', joined(runs)))
  }
  return rows
}
