// Memory that stays. WebAssembly never gives any back, so what counts is that it stops growing.

import { inChild } from '../measure.js'
import { rowsOf } from '../rows.js'

/** What lies between two counts. */
export const GROWN = 'WebAssembly memory that was added'

/** @param {number} count */
const told = (count) => count.toLocaleString('en')

/** @param {import('../settings.js').Settings['memory']} settings */
export async function run({ requests, calls, clients }) {
  const built = await series('requests', requests)
  const called = await series('calls', calls)
  const freed = await series('freed', [clients, 2 * clients])
  const dropped = await series('dropped', [clients, 2 * clients])
  return [
    ...rowsOf('memory', GROWN, 'bytes', { ...grown('requests', built), ...grown('calls', called) }),
    ...rows('after so many prepared requests', built),
    ...rows('after so many calls', called),
    ...rows('after so many clients with free()', freed),
    ...rows('after so many clients that were dropped', dropped),
  ]
}

/** @param {string} kind @param {number[]} steps @returns {Promise<any[]>} */
const series = (kind, steps) => inChild('memory', { kind, steps })

/** @typedef {{ to: number, wasm: number, rss: number }} Figure */

/**
 * What the later ones added, once the first have made room for all that goes on at a time.
 * @param {string} what
 * @param {Figure[]} figures
 */
function grown(what, figures) {
  const [first, last] = [figures[0], figures.at(-1)]
  if (!first || !last || first === last) throw new Error(`one count of ${what} shows no growth`)
  return { [`from ${told(first.to)} to ${told(last.to)} ${what}`]: [last.wasm - first.wasm] }
}

/** @param {string} after @param {Figure[]} figures */
function rows(after, figures) {
  /** @param {(figure: Figure) => number} of */
  const by = (of) => Object.fromEntries(figures.map((figure) => [told(figure.to), [of(figure)]]))
  return [
    ...rowsOf(
      'memory',
      `WebAssembly memory ${after}`,
      'KiB',
      by(({ wasm }) => wasm / 1024),
    ),
    ...rowsOf(
      'memory',
      `process (RSS) ${after}`,
      'MiB',
      by(({ rss }) => rss),
    ),
  ]
}
