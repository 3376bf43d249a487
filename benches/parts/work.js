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

/** @param {import('../settings.js').Settings['work']} settings */
export async function run({ processes, rounds, batchMs, warmMs }) {
  const rows = []
  for (const [group, what] of Object.entries(GROUPS)) {
    const runs = []
    // Several: what the compilers make of a program differs a little from process to process.
    for (let left = processes; left > 0; left -= 1)
      runs.push(await inChild('work', { group, rounds, batchMs, warmMs }))
    rows.push(...rowsOf('work', what, 'µs', joined(runs)))
  }
  return rows
}
