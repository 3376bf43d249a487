// Whole calls over loopback: how many a second, and what one costs in processor time. The client is fresh in each
// round, the server is a process of its own.

import { CALLERS } from '../callers.js'
import { inChild, interleaved } from '../measure.js'
import { rowsOf } from '../rows.js'
import { startServer } from '../server.js'

/** @param {number} lanes */
export const perSecond = (lanes) => `calls a second, ${lanes} in flight`
/** @param {number} lanes */
export const cpu = (lanes) => `processor time of a call, ${lanes} in flight`

/** @param {import('../settings.js').Settings['calls']} settings */
export async function run({ rounds, ...settings }) {
  /** @type {Record<string, import('../measure.js').Samples>} */
  const figures = {}
  const add = (/** @type {string} */ what, /** @type {string} */ who, /** @type {number} */ one) =>
    ((figures[what] ??= {})[who] ??= []).push(one)
  const server = await startServer()
  const { endpoint } = server
  try {
    const takes = Object.keys(CALLERS).map((who) => [
      who,
      async () => {
        const begin = performance.now()
        for (const measured of await inChild('calls', { who, endpoint, ...settings })) {
          add(perSecond(measured.lanes), who, measured.perSecond)
          add(cpu(measured.lanes), who, measured.cpuUs)
        }
        return performance.now() - begin
      },
    ])
    await interleaved(Object.fromEntries(takes), rounds)
  } finally {
    await server.stop()
  }
  return settings.lanes.flatMap((lanes) => [
    ...rowsOf('calls', perSecond(lanes), 'calls/s', figures[perSecond(lanes)] ?? {}),
    ...rowsOf('calls', cpu(lanes), 'µs', figures[cpu(lanes)] ?? {}),
  ])
}
