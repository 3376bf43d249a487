// What `make bench` makes of its rounds, who it refuses to measure, and that each part still gives each of its rows.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, test } from 'node:test'

import { root } from './support/simulator.js'

process.env['NORTHBOUND_PEERS'] ??= execFileSync(`${root}scripts/setup`, ['which-peers'], {
  encoding: 'utf8',
}).trim()

const { interleaved, joined, median, ratios, since, spread, stopwatch } =
  await import('../../benches/measure.js')
const { CALLERS } = await import('../../benches/callers.js')
const { PARTS, measure } = await import('../../benches/bench.js')
const { accepted } = await import('../../benches/check.js')
const { GOALS, judged } = await import('../../benches/goals.js')
const { acs3, rpc } = await import('../../benches/peers/by-hand.js')
const { rowsOf } = await import('../../benches/rows.js')
const { figure, figuresTable, goalsTable, markdown } = await import('../../benches/table.js')

describe('a figure', () => {
  test('is the median of its rounds, whatever their order', () => {
    assert.equal(median([9, 1, 5]), 5)
    assert.equal(median([10, 1, 2, 4]), 3)
    assert.throws(() => median([]), /nothing/)
    assert.deepEqual(spread([3, 9, 1]), { median: 3, min: 1, max: 9 })
  })

  test('is divided round by round, before the median is taken', () => {
    // A round that was slow for both says as much about them as any other.
    const [ours, theirs] = [[1, 20, 3], [2, 10, 6]] // prettier-ignore
    assert.deepEqual(ratios(ours, theirs), [0.5, 2, 0.5])
    assert.equal(median(ratios(ours, theirs)), 0.5)
    assert.throws(() => ratios([1, 2], [1]), /2 rounds cannot be compared with 1/)
  })

  test('is told with three digits that mean something', () => {
    assert.deepEqual([12345.6, 123.4, 12.34, 0.01234, 3].map(figure), [
      '12,346',
      '123',
      '12.3',
      '0.0123',
      '3',
    ])
  })
})

describe('rounds', () => {
  test('let everybody have a turn, and begin with another one each time', async () => {
    let turn = 0
    /** @type {string[]} */
    const order = []
    const take = (/** @type {string} */ name) => () => {
      order.push(name)
      return (turn += 1)
    }
    const samples = await interleaved({ a: take('a'), b: take('b'), c: take('c') }, 3)
    assert.equal(order.join(''), 'abcbcacab')
    assert.deepEqual(samples, { a: [1, 6, 8], b: [2, 4, 9], c: [3, 5, 7] })
    assert.deepEqual(joined([samples, { a: [0], b: [0], c: [0] }])['b'], [2, 4, 9, 0])
  })

  test('do not go on with a figure that is none', async () => {
    await assert.rejects(interleaved({ odd: () => NaN }, 1), /odd gave the figure NaN/)
  })

  test('take the time of one, not of a batch', async () => {
    const times = { batchMs: 4, warmMs: 10 }
    const wait = () => {
      for (const start = process.cpuUsage(); since(start) < 200;);
    }
    for (const subject of [{ run: wait }, { run: async () => wait(), async: true }]) {
      const us = await (await stopwatch(subject, times))()
      assert.ok(us >= 200 && us < 2000, `${us} µs`)
    }
  })
})

describe('a goal', () => {
  const SDK = 'SDK'
  /** @param {string} what @param {number[]} ours @param {number[]} theirs */
  const rows = (what, ours, theirs) =>
    rowsOf('calls', what, 'calls/s', { northbound: ours, [SDK]: theirs })

  test('is met, missed, or met as far as is aimed at', () => {
    const results = [2, 3, 4.4].map(
      (rate) => judged(rows('calls a second, 1 in flight', [rate], [2]))[0]?.result,
    )
    assert.deepEqual(results, ['missed', 'missed', 'aim'])
    const [ok] = judged(rows('calls a second, 1 in flight', [3.6], [2]))
    assert.equal(ok?.result, 'ok')
  })

  test('about several figures is judged by the worst of them', () => {
    const [goal] = judged([
      ...rows('calls a second, 1 in flight', [8, 8, 8], [2, 2, 2]),
      ...rows('calls a second, 16 in flight', [2, 1, 3], [2, 2, 2]),
    ])
    assert.equal(goal?.at, '16 in flight')
    assert.deepEqual(goal?.measured, { median: 1, min: 0.5, max: 1.5 })
    assert.equal(goal?.result, 'missed')
    assert.match(goalsTable([goal]), /\(16 in flight\).*>= 1\.7.*0\.500 to 1\.50.*MISSED/)
  })

  test('that nothing was measured for is not judged', () => assert.deepEqual(judged([]), []))
})

describe('nobody is measured', () => {
  const endpoint = 'http://127.0.0.1:8080'

  test('whose signature is not right', () => {
    const [first, second] = [acs3(endpoint)(), rpc(endpoint)()]
    assert.notEqual(accepted(first), accepted(second))
    const { headers, url } = first
    const other = { ...headers, 'x-acs-action': 'GetDeviceCredential' }
    assert.throws(() => accepted({ ...first, headers: other }), /the signature is right/)
    assert.throws(() => accepted({ ...first, url: url.replace('meter-1', 'meter-2') }))
    const body = String(second.body).replace('meter-1', 'meter-2')
    assert.throws(() => accepted({ ...second, body }), /the signature is right/)
  })

  test('who signs the request of another time', () => {
    const RealDate = Date
    class Then extends RealDate {
      constructor() {
        super(1_600_000_000_000)
      }
    }
    globalThis.Date = /** @type {any} */ (Then)
    const request = acs3(endpoint)()
    globalThis.Date = RealDate
    assert.throws(() => accepted(request), /its date is now/)
  })
})

describe('a run of all parts', () => {
  /** @type {import('../../benches/bench.js').Report} */
  let report
  before(async () => {
    report = await measure('tiny', Object.keys(PARTS))
  })

  test('has figures of each part, and a package and a peer for whatever is compared', () => {
    const parts = new Set(report.rows.map(({ part }) => part))
    assert.deepEqual([...parts], Object.keys(PARTS))
    for (const { part, what, samples } of report.rows) {
      assert.ok(samples.length > 0 && samples.every((each) => Number.isFinite(each)), what)
      if (['memory', 'scale'].includes(part)) continue
      const known = report.rows.filter((row) => row.what === what).map(({ who }) => who)
      assert.ok(known.includes('northbound') && known.length > 2, `${what}: ${known}`)
    }
  })

  test('measures everybody who makes calls', () => {
    const callers = report.rows.filter(({ what }) => what === 'calls a second, 2 in flight')
    assert.deepEqual(callers.map(({ who }) => who), Object.keys(CALLERS)) // prettier-ignore
  })

  test('judges every goal', () => {
    const known = report.goals.map(({ what }) => what)
    assert.deepEqual(known, GOALS.map(({ what }) => what)) // prettier-ignore
  })

  test('finds that requests and calls add no memory', () => {
    const goal = report.goals.at(-1)
    assert.deepEqual([goal?.unit, goal?.measured.median], ['bytes', 0])
  })

  test('is one table with a line for each figure, and says how to read it', () => {
    const lines = figuresTable(report.rows).split('\n')
    assert.equal(lines.length, report.rows.length + 2)
    for (const { who } of report.rows) assert.ok(lines.some((line) => line.includes(`| ${who} `)))
    const text = markdown(report)
    assert.ok(text.includes(lines.join('\n')) && text.includes('divides this package by'))
    assert.match(text, /Node\.js \d+\..*@alicloud\/openapi-core \d/)
  })
})
