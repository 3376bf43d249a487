// One token for many processes, tabs and clients, in short: few calls, and tokens that live a second.
// The full size is `make sessions` and long/sessions.test.js.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { GROUPS } from '../sessions/groups.js'
import { together } from '../sessions/load.js'
import { broken, table, tooKind } from '../sessions/table.js'

/** @type {import('../sessions/groups.js').Size} */
const SHORT = { calls: 280, seconds: 3.5, tokenLifeS: 1.2 }

// Two at a time: most of a run is waiting.
describe('with one token for all', { concurrency: 2 }, () => {
  for (const { name, run } of GROUPS) {
    test(`no call fails and no login is in vain: ${name}`, async () => {
      assert.deepEqual(broken(await run(true, SHORT), SHORT.calls), [])
    })
  }

  test('more than half of the calls fail where each process is on its own', async () => {
    const [processes] = GROUPS
    assert.ok(processes)
    const run = await processes.run(false, SHORT)
    assert.deepEqual(tooKind(run), [])
    assert.notDeepEqual(broken(run, SHORT.calls), [])
  })
})

describe('the count of a load', () => {
  const good = { calls: 1000, failed: 0, errors: {}, slowestMs: 90 }
  const seen = {
    ...{ logins: 3, refreshes: 1, tokensEndedByClock: 3, maxTokenCallsInFlight: 1 },
    ...{ maxCallsInWindow: 7, answers: {} },
  }
  const run = { outcome: good, seen, seconds: 14.04 }

  test('has no complaint where each login follows the end of a token', () => {
    assert.deepEqual(broken(run, 1000), [])
  })

  /** @type {[string, Parameters<typeof broken>[0], RegExp][]} */
  const complaints = [
    ['a call that failed', { ...run, outcome: { ...good, failed: 1 } }, /^1 calls failed/],
    ['a call that is missing', { ...run, outcome: { ...good, calls: 999 } }, /^only 999 of 1000/],
    ['one login too many', { ...run, seen: { ...seen, logins: 4 } }, /^5 logins .* where 4/],
    ['one refresh too many', { ...run, seen: { ...seen, refreshes: 2 } }, /^5 logins .* where 4/],
    [
      'two logins at once',
      { ...run, seen: { ...seen, maxTokenCallsInFlight: 2 } },
      /^2 .* in flight together/,
    ],
    [
      'a clock that ended no token',
      { ...run, seen: { ...seen, logins: 1, refreshes: 0, tokensEndedByClock: 0 } },
      /^the clock ended no token/,
    ],
  ]
  for (const [what, bad, expected] of complaints) {
    test(`complains of ${what}`, () => {
      const [first, ...others] = broken(bad, 1000)
      assert.match(String(first), expected)
      assert.deepEqual(others, [])
    })
  }

  test('calls a platform too kind where half of the calls survive on their own', () => {
    assert.equal(tooKind({ ...run, outcome: { ...good, failed: 500 } }).length, 1)
    assert.deepEqual(tooKind({ ...run, outcome: { ...good, failed: 501 } }), [])
  })

  test('adds up what several sharers saw and keeps the slowest call', () => {
    const bad = { calls: 5, failed: 2, errors: { lost: 2 }, slowestMs: 400 }
    assert.deepEqual(together([good, bad, bad]), {
      calls: 1010,
      failed: 4,
      errors: { lost: 4 },
      slowestMs: 400,
    })
  })

  test('is a table of one width with a line for each way to run a group', () => {
    const own = { ...run, outcome: { ...good, failed: 977 } }
    const lines = table([{ group: 'g', shared: run, own }]).split('\n')
    assert.equal(new Set(lines.map((line) => line.length)).size, 1)
    const cells = lines.map((line) => line.split('|').map((cell) => cell.trim()))
    assert.deepEqual(cells[2]?.slice(1, -1), ['g', 'shared', '1000', '0', '4', '3', '1', '14.0'])
    assert.deepEqual(cells[3]?.slice(1, 5), ['', 'each its own', '1000', '977'])
  })
})
