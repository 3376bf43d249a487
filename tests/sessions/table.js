// What a group's run came to, whether it holds the promise, and the table of all of them.

/**
 * @typedef {object} Run
 * @property {import('./load.js').Outcome} outcome
 * @property {import('./platform.js').Seen} seen
 * @property {number} seconds
 */

/** @typedef {{ group: string, shared: Run, own: Run }} Row */

/**
 * The promises that a shared run breaks, each as a sentence; none is what it should be.
 *
 * @param {Run} run
 * @param {number} leastCalls
 */
export function broken({ outcome, seen }, leastCalls) {
  const tokens = seen.logins + seen.refreshes
  const allowed = 1 + seen.tokensEndedByClock
  const complaints = []
  if (outcome.calls < leastCalls) {
    complaints.push(`only ${outcome.calls} of ${leastCalls} calls were made`)
  }
  if (outcome.failed > 0) {
    complaints.push(`${outcome.failed} calls failed: ${JSON.stringify(outcome.errors)}`)
  }
  if (tokens > allowed) {
    complaints.push(`${tokens} logins and refreshes, where ${allowed} are enough`)
  }
  if (seen.maxTokenCallsInFlight > 1) {
    complaints.push(`${seen.maxTokenCallsInFlight} logins and refreshes in flight together`)
  }
  // A run in which no token ended would prove nothing.
  if (seen.tokensEndedByClock === 0) complaints.push('the clock ended no token during the run')
  return complaints
}

/**
 * Why a run with every sharer on its own proves nothing; no sentence is what it should be.
 *
 * @param {Run} run
 */
export function tooKind({ outcome }) {
  return outcome.failed * 2 > outcome.calls
    ? []
    : [`on its own only ${outcome.failed} of ${outcome.calls} calls failed: too kind a platform`]
}

const HEADS = [
  'group',
  'token',
  'calls',
  'failed',
  'logins + refreshes',
  'ended by clock',
  'most in flight',
  'seconds',
]

/** Columns of words; the others are numbers. */
const WORDS = 2

/**
 * The table as Markdown, its columns aligned so that a terminal shows it as well.
 *
 * @param {Row[]} rows
 */
export function table(rows) {
  const lines = rows.flatMap(({ group, shared, own }) => [
    [group, 'shared', ...numbers(shared)],
    ['', 'each its own', ...numbers(own)],
  ])
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...lines.map((line) => (line[column] ?? '').length)),
  )
  const rule = widths.map((width, column) =>
    column < WORDS ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [HEADS, rule, ...lines]
    .map((line) => `| ${aligned(line, widths).join(' | ')} |`)
    .join('\n')
}

/** @param {Run} run */
function numbers({ outcome, seen, seconds }) {
  return [
    String(outcome.calls),
    String(outcome.failed),
    String(seen.logins + seen.refreshes),
    String(seen.tokensEndedByClock),
    String(seen.maxTokenCallsInFlight),
    seconds.toFixed(1),
  ]
}

/** Words to the left, numbers to the right. @param {string[]} line @param {number[]} widths */
function aligned(line, widths) {
  return line.map((cell, column) => {
    const width = widths[column] ?? 0
    return column < WORDS ? cell.padEnd(width) : cell.padStart(width)
  })
}
