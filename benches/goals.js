// What the package promises itself, as ratios within one run. A goal that is missed is told, not hidden.

import { median, ratios, spread } from './measure.js'
import { GROWN } from './parts/memory.js'
import { DOWNLOAD } from './parts/bytes.js'
import { STEPS, WHOLE } from './parts/start.js'
import { GROUPS } from './parts/work.js'

/** @typedef {import('./rows.js').Row} Row */

/**
 * Ratios round by round, for each figure that the goal is about.
 * @typedef {{ at: string, ratios: number[] }} Found
 *
 * @typedef {object} Goal
 * @property {string} what
 * @property {number} goal
 * @property {number} [aim]
 * @property {true} [atLeast] more is better
 * @property {'bytes'} [unit] absent: a ratio
 * @property {(rows: Row[]) => Found[]} of
 */

const FETCH = 'northbound, global fetch'

/** @type {Goal[]} */
export const GOALS = [
  {
    what: 'build and sign ÷ best by hand',
    goal: 1.25,
    aim: 1.05,
    of: ratio(GROUPS.acs3, 'by hand, best'),
  },
  {
    what: "build and sign ÷ the SDK's signing",
    goal: 0.45,
    aim: 0.36,
    of: ratio(GROUPS.acs3, 'SDK, signing alone'),
  },
  {
    what: 'build and sign ÷ WebCrypto',
    goal: 0.2,
    aim: 0.12,
    of: ratio(GROUPS.acs3, 'by hand, WebCrypto'),
  },
  {
    what: 'whole call, HTTP stubbed ÷ SDK',
    goal: 0.45,
    aim: 0.33,
    of: ratio(GROUPS.stubbed, 'SDK'),
  },
  {
    what: 'whole call, HTTP stubbed ÷ by hand',
    goal: 1.5,
    aim: 1.2,
    of: ratio(GROUPS.stubbed, 'by hand, best'),
  },
  {
    what: 'global fetch: time of a call ÷ by hand',
    goal: 1.1,
    aim: 1.02,
    of: time(FETCH, 'by hand, global fetch'),
  },
  {
    what: "Node's default sender: calls a second ÷ SDK",
    goal: 1.7,
    aim: 2.1,
    atLeast: true,
    of: ratio(/^calls a second/, 'SDK'),
  },
  {
    what: "Node's default sender: processor time ÷ SDK",
    goal: 0.55,
    aim: 0.45,
    of: ratio(/^processor time/, 'SDK'),
  },
  {
    what: "Node's default sender: time of a call ÷ bare node:http",
    goal: 1.35,
    aim: 1.15,
    of: time('northbound', 'node:http, unsigned'),
  },
  { what: 'first request built ÷ SDK', goal: 0.16, aim: 0.09, of: ratio(STEPS.built, 'SDK') },
  {
    what: 'first request built ÷ by hand',
    goal: 2.5,
    aim: 1.7,
    of: ratio(STEPS.built, 'by hand, node:http'),
  },
  { what: 'first call answered ÷ SDK', goal: 0.22, aim: 0.15, of: ratio(STEPS.answered, 'SDK') },
  {
    what: 'whole process to the first answer ÷ SDK',
    goal: 0.65,
    aim: 0.55,
    of: ratio(WHOLE, 'SDK'),
  },
  {
    what: "bytes to download, gzip ÷ SDK's bundle",
    goal: 0.29,
    aim: 0.22,
    of: ratio(DOWNLOAD, 'SDK'),
  },
  {
    what: 'WebAssembly memory that was added',
    goal: 0,
    unit: 'bytes',
    of: (rows) =>
      rows
        .filter(({ what }) => what === GROWN)
        .map(({ who, samples }) => ({ at: who, ratios: samples })),
  },
]

/**
 * @typedef {object} Judged
 * @property {string} what
 * @property {number} goal
 * @property {number} [aim]
 * @property {boolean} atLeast
 * @property {'bytes'} [unit]
 * @property {string} at the figure that is furthest from the goal
 * @property {import('./measure.js').Spread} measured
 * @property {'aim' | 'ok' | 'missed'} result
 */

/**
 * Judges the goals whose figures were measured. Where a goal is about several, the worst counts.
 * @param {Row[]} rows
 * @returns {Judged[]}
 */
export function judged(rows) {
  return GOALS.flatMap(({ what, goal, aim, atLeast = false, unit, of }) => {
    const sign = atLeast ? -1 : 1
    const [worst] = of(rows).toSorted((a, b) => sign * (median(b.ratios) - median(a.ratios)))
    if (worst === undefined) return []
    const measured = spread(worst.ratios)
    const meets = (/** @type {number | undefined} */ limit) =>
      limit !== undefined && sign * measured.median <= sign * limit
    const result = meets(aim) ? 'aim' : meets(goal) ? 'ok' : 'missed'
    return [{ what, goal, aim, atLeast, unit, at: worst.at, measured, result }]
  })
}

/**
 * Ours by theirs.
 * @param {string | RegExp} what
 * @param {string} theirs
 * @returns {Goal['of']}
 */
function ratio(what, theirs) {
  return (rows) => pairs(rows, what, 'northbound', theirs, ratios)
}

/**
 * The time of a call, which is what calls a second are the inverse of.
 * @param {string} ours
 * @param {string} theirs
 * @returns {Goal['of']}
 */
function time(ours, theirs) {
  return (rows) => pairs(rows, /^calls a second/, ours, theirs, (a, b) => ratios(b, a))
}

/**
 * @param {Row[]} rows
 * @param {string | RegExp} what
 * @param {string} ours
 * @param {string} theirs
 * @param {(ours: number[], theirs: number[]) => number[]} divide
 * @returns {Found[]}
 */
function pairs(rows, what, ours, theirs, divide) {
  const fits = (/** @type {Row} */ row) =>
    typeof what === 'string' ? row.what === what : what.test(row.what)
  return rows
    .filter((row) => row.who === ours && fits(row))
    .flatMap((row) => {
      const other = rows.find(({ what, who }) => what === row.what && who === theirs)
      if (other === undefined) return []
      const at = typeof what === 'string' ? '' : (row.what.split(', ')[1] ?? '')
      return [{ at, ratios: divide(row.samples, other.samples) }]
    })
}
