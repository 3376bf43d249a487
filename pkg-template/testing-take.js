// The promises of a store that keeps the application's budget of calls.

import { expect, sleep } from './testing-expect.js'

/**
 * @typedef {import('./testing-expect.js').Check} Check
 * @typedef {import('./testing-expect.js').TokenStore} TokenStore
 * @typedef {{ asked: number, answered: number, wait: number }} Taken
 */

const BUDGET = { calls: 5, perMs: 400, slackMs: 100 }
const SPAN_MS = BUDGET.perMs + BUDGET.slackMs

/** Stores keep whole milliseconds. */
const ROUNDING_MS = 2

/** @type {Check[]} */
export const TAKE_CHECKS = [
  { promise: 'take() lets the budget through at once, and no more', check: burst },
  { promise: 'take() says how long to wait', check: waits },
  { promise: 'take() never lets more than the budget through in any window', check: windows },
]

/**
 * @param {TokenStore} store
 * @param {string} key
 * @returns {Promise<Taken>}
 */
async function take(store, key) {
  const asked = performance.now()
  const wait = (await store.take?.(key, BUDGET)) ?? 0
  const fits = Number.isFinite(wait) && wait >= 0 && wait <= SPAN_MS + ROUNDING_MS
  expect(fits, `the time to wait is ${wait}, for a window of ${SPAN_MS} ms`)
  return { asked, answered: performance.now(), wait }
}

/** @type {Check['check']} */
async function burst(holders, key) {
  if (!holders(0).take) return
  const all = await Promise.all(
    Array.from({ length: 2 * BUDGET.calls }, (_, index) => take(holders(index), key)),
  )
  const through = all.filter(({ wait }) => wait === 0).length
  expect(through >= BUDGET.calls, `of a budget of ${BUDGET.calls} it let ${through} through`)
  refuseTooMany(all)
  const other = await take(holders(0), `${key}-2`)
  expect(other.wait === 0, 'another key has the same budget')
}

/** @type {Check['check']} */
async function waits(holders, key) {
  if (!holders(0).take) return
  const before = performance.now()
  for (let call = 0; call < BUDGET.calls; call += 1) await take(holders(call), key)
  const { wait, answered, asked } = await take(holders(0), key)
  if (wait === 0) {
    expect(asked - before >= SPAN_MS - ROUNDING_MS, 'it let a call more than the budget through')
    return
  }
  const least = before + SPAN_MS - answered - ROUNDING_MS
  expect(wait >= least, `it said ${wait} ms where at least ${Math.round(least)} ms were left`)
  await sleep(wait)
  for (let tries = 0; ; tries += 1) {
    const next = await take(holders(1), key)
    if (next.wait === 0) return
    expect(tries < 5, 'whoever waited as long as it said was not let through')
    await sleep(Math.min(next.wait, 10))
  }
}

/** @type {Check['check']} */
async function windows(holders, key) {
  if (!holders(0).take) return
  // One call, a pause, then as much as possible: what a window that does not slide lets through twice.
  const all = [await take(holders(0), key)]
  await sleep(0.8 * SPAN_MS)
  const end = performance.now() + 1.5 * SPAN_MS
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      while (performance.now() < end) {
        const taken = await take(holders(index), key)
        all.push(taken)
        await sleep(Math.max(1, Math.min(taken.wait, 20)))
      }
    }),
  )
  refuseTooMany(all)
}

/**
 * A call was let through at some moment between question and answer: too many are those that fit into
 * a window from the first question to the last answer.
 *
 * @param {Taken[]} all
 */
function refuseTooMany(all) {
  const through = all.filter(({ wait }) => wait === 0).sort((a, b) => a.answered - b.answered)
  for (const [index, last] of through.slice(BUDGET.calls).entries()) {
    const inWindow = through.slice(index, index + BUDGET.calls + 1)
    const first = Math.min(...inWindow.map(({ asked }) => asked))
    const length = last.answered - first
    expect(
      length >= SPAN_MS - ROUNDING_MS,
      `it let ${inWindow.length} calls through within ${Math.round(length)} ms, ` +
        `of a budget of ${BUDGET.calls} in ${SPAN_MS} ms`,
    )
  }
}
