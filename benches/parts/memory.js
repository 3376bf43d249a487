// Memory that stays. WebAssembly never gives any back, so what counts is that it stops growing.

import { inChild } from '../measure.js'
import { rowsOf } from '../rows.js'

/** What stands between two counts. */
export const GROWN = 'WebAssembly memory that the later requests added'

/** @param {number} count */
const told = (count) => count.toLocaleString('en')

/** @param {import('../settings.js').Settings['memory']} settings */
export async function run({ requests, calls, clients }) {
  const built = await series('requests', requests)
  const called = await series('calls', calls)
  const freed = await series('freed', [clients, 2 * clients])
  const dropped = await series('dropped', [clients, 2 * clients])
  const [first, last] = [built[0], built.at(-1)]
  return [
    ...rowsOf('memory', GROWN, 'bytes', {
      [`from ${told(first.to)} to ${told(last.to)}`]: [last.wasm - first.wasm],
    }),
    ...rows('after so many prepared requests', built),
    ...rows('after so many calls', called),
    ...rows('after so many clients with free()', freed),
    ...rows('after so many clients that were dropped', dropped),
  ]
}

/** @param {string} kind @param {number[]} steps @returns {Promise<any[]>} */
const series = (kind, steps) => inChild('memory', { kind, steps })

/** @param {string} after @param {{ to: number, wasm: number, rss: number }[]} figures */
function rows(after, figures) {
  /** @param {(figure: { wasm: number, rss: number }) => number} of */
  const by = (of) => Object.fromEntries(figures.map((figure) => [told(figure.to), [of(figure)]]))
  return [
    ...rowsOf(
      'memory',
      `WebAssembly memory ${after}`,
      'kB',
      by(({ wasm }) => wasm / 1024),
    ),
    ...rowsOf(
      'memory',
      `process (RSS) ${after}`,
      'MB',
      by(({ rss }) => rss),
    ),
  ]
}
