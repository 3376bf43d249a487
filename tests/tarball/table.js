// Judges what a row did and prints all rows as one table.

const STEPS = /** @type {const} */ (['import', 'init', 'calls'])

/** What the platform has to have seen, in this order. */
const CALLS = ['login', 'refreshDeviceKey', 'registerDeviceCredential']

/** @typedef {(typeof STEPS)[number]} Step */

/**
 * @typedef {object} Expected a step that cannot be done
 * @property {Step} step
 * @property {RegExp} says what the problem has to say
 * @property {string} because what stands in the table
 */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} version
 * @property {string[]} cells one for each step
 * @property {string} [complaint] why the run fails
 */

/**
 * @param {{ name: string, version: string, expected?: Expected }} row
 * @param {import('./page.js').Outcome} outcome
 * @param {string[] | undefined} received the operations that the platform saw and granted
 * @returns {Result}
 */
export function judge({ name, version, expected }, outcome, received) {
  const count = STEPS.findIndex((step, index) => outcome.done[index] !== step)
  const done = count === -1 ? STEPS.length : count
  const all = done === STEPS.length
  /** @type {string[]} */
  const cells = STEPS.map((_, index) => (index < done ? 'ok' : '–'))
  const step = STEPS[done]
  let complaint
  if (expected && all) {
    complaint = `${expected.step} works now: it was expected not to, because ${expected.because}`
  } else if (expected && step === expected.step && expected.says.test(outcome.problem ?? '')) {
    cells[done] = expected.because
  } else if (step) {
    cells[done] = 'FAILED'
    complaint = `${step}: ${outcome.problem ?? 'it ended without a word'}`
  } else if (received && !CALLS.every((call) => received.includes(call))) {
    complaint = `calls: the platform saw ${received.join(', ') || 'none'}`
    cells[2] = 'FAILED'
  }
  return { name, version, cells, ...(complaint === undefined ? {} : { complaint }) }
}

/** @param {Result[]} results */
export function table(results) {
  return grid([
    ['Runtime or tool', 'Version', ...STEPS],
    ...results.map(({ name, version, cells }) => [name, version, ...cells]),
  ])
}

/** A table in Markdown. @param {string[][]} lines the first has the headlines */
export function grid([head = [], ...rows]) {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
