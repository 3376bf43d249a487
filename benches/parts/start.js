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

const NOBODY = 'a process that does nothing'

/** @param {import('../settings.js').Settings['start']} settings */
export async function run({ rounds, warm }) {
  const server = await startServer()
  const { endpoint } = server
  const clients = Object.entries(CALLERS).filter(([, { bare }]) => !bare)
  const names = clients.map(([who]) => who)
  const builders = clients.filter(([, { build }]) => build).map(([who]) => who)

  /** Lets each of them start, until so far. @param {string[]} list @param {string} until */
  const inside = (list, until) =>
    turns(list, rounds, async (who) => (await inChild('start', { who, until, endpoint })).tookMs)
  /** @param {string} who */
  const whole = async (who) => {
    const begin = performance.now()
    await inChild('start', { who, until: who === NOBODY ? 'nothing' : 'answered', endpoint })
    return performance.now() - begin
  }
  try {
    // Nobody is to be the one who brings the files into the system's cache.
    if (warm) await turns(names, 1, whole)
    return [
      ...rowsOf('start', STEPS.imported, 'ms', await inside(names, 'imported')),
      ...rowsOf('start', STEPS.built, 'ms', await inside(builders, 'built')),
      ...rowsOf('start', STEPS.answered, 'ms', await inside(names, 'answered')),
      ...rowsOf('start', WHOLE, 'ms', await turns([...names, NOBODY], rounds, whole)),
    ]
  } finally {
    await server.stop()
  }
}

/** @param {string[]} names @param {number} rounds @param {(who: string) => Promise<number>} take */
function turns(names, rounds, take) {
  return interleaved(Object.fromEntries(names.map((who) => [who, () => take(who)])), rounds)
}
