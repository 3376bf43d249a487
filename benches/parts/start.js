// Cold start: what a process needs until the first request or the first answer is there.

import { CALLERS } from '../callers.js'
import { inChild, interleaved } from '../measure.js'
import { rowsOf } from '../rows.js'
import { startServer } from '../server.js'

export const STEPS = {
  imported: 'start: modules imported',
  built: 'start: first request built',
  answered: 'start: first call answered',
}
export const WHOLE = 'start: whole process, to the first answer'

/** @param {import('../settings.js').Settings['start']} settings */
export async function run({ rounds }) {
  const server = await startServer()
  const { endpoint } = server
  const clients = Object.entries(CALLERS).filter(([, { bare }]) => !bare)
  try {
    // Nobody is to be the one who brings the files into the system's cache.
    for (const [who] of clients) await inChild('start', { who, until: 'answered', endpoint })
    const rows = []
    /** @type {import('../measure.js').Samples} */
    const whole = {}
    for (const [until, what] of Object.entries(STEPS)) {
      const takes = clients
        .filter(([, { build }]) => until !== 'built' || build)
        .map(([who]) => [
          who,
          async () => {
            const begin = performance.now()
            const { tookMs } = await inChild('start', { who, until, endpoint })
            if (until === 'answered') (whole[who] ??= []).push(performance.now() - begin)
            return tookMs
          },
        ])
      rows.push(
        ...rowsOf('start', what, 'ms', await interleaved(Object.fromEntries(takes), rounds)),
      )
    }
    const idle = async () => {
      const begin = performance.now()
      await inChild('start', { until: 'nothing' })
      return performance.now() - begin
    }
    const { 'a process that does nothing': nothing } = await interleaved(
      { 'a process that does nothing': idle },
      rounds,
    )
    rows.push(
      ...rowsOf('start', WHOLE, 'ms', { ...whole, 'a process that does nothing': nothing ?? [] }),
    )
    return rows
  } finally {
    await server.stop()
  }
}
