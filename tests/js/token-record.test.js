// The steps that the stores in memory, in files and in IndexedDB have in common.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { seeded } from './support/random.js'
import { importFile } from './support/stores.js'

const steps = await importFile('northbound.js')

describe('a record', () => {
  const NOW = 1_700_000_000_000
  const stored = { payload: 'p', lifeMs: 5000, refreshLifeMs: 9000 }
  const fresh = () => {
    const { record } = steps.acquire(undefined, { owner: 'a', leaseMs: 3000 }, NOW)
    return steps.commit(record, { owner: 'a', token: { ...stored, generation: 1 } }, NOW).record
  }

  test('is plain JSON and leaves the former one as it was', () => {
    const before = fresh()
    const copy = structuredClone(before)
    steps.acquire(before, { owner: 'b', leaseMs: 1000, denied: 'p' }, NOW + 1)
    steps.take(before, { calls: 1, perMs: 10, slackMs: 0 }, NOW + 1)
    assert.deepEqual(before, copy)
    assert.deepEqual(JSON.parse(JSON.stringify(before)), before)
  })

  test('answers a token with what is left of it, until its end', () => {
    const { answer } = steps.read(fresh(), NOW + 1000)
    assert.deepEqual(answer, { payload: 'p', lifeMs: 4000, refreshLifeMs: 8000, generation: 1 })
    assert.equal(steps.read(fresh(), NOW + 4999).answer.lifeMs, 1)
    assert.equal(steps.read(fresh(), NOW + 5000).answer, undefined)
  })

  test('counts a stamp from the future as ended, beyond a moment that clocks may differ by', () => {
    assert.equal(steps.read(fresh(), NOW - 1000).answer.lifeMs, 5000)
    assert.equal(steps.read(fresh(), NOW - 1001).answer, undefined)
    const { record } = steps.acquire(undefined, { owner: 'a', leaseMs: 3000 }, NOW)
    const other = { owner: 'b', leaseMs: 3000 }
    assert.deepEqual(steps.acquire(record, other, NOW - 900).answer, { retryAfterMs: 50 })
    assert.deepEqual(steps.acquire(record, other, NOW - 7_200_000).answer, { generation: 2 })
  })

  test('tells others to wait at least 1 and at most 50 ms, and no longer than the lease', () => {
    const { record } = steps.acquire(undefined, { owner: 'a', leaseMs: 3000 }, NOW)
    const wait = (/** @type {number} */ at) =>
      steps.acquire(record, { owner: 'b', leaseMs: 3000 }, NOW + at).answer
    assert.deepEqual(wait(0), { retryAfterMs: 50 })
    assert.deepEqual(wait(2980), { retryAfterMs: 20 })
    assert.deepEqual(wait(2999.5), { retryAfterMs: 1 })
    assert.deepEqual(wait(3000), { generation: 2 })
  })

  test('gives the holder that asks again a new generation', () => {
    const { record } = steps.acquire(undefined, { owner: 'a', leaseMs: 3000 }, NOW)
    const again = steps.acquire(record, { owner: 'a', leaseMs: 3000 }, NOW + 1)
    assert.deepEqual(again.answer, { generation: 2 })
    const late = { owner: 'a', token: { ...stored, generation: 1 } }
    assert.equal(steps.commit(again.record, late, NOW + 2).answer, false)
  })

  test('refuses a commit by whoever was not given the generation, and takes it twice from who was', () => {
    const { record } = steps.acquire(undefined, { owner: 'a', leaseMs: 3000 }, NOW)
    const token = { ...stored, generation: 1 }
    assert.equal(steps.commit(record, { owner: 'b', token }, NOW).answer, false)
    const ahead = { owner: 'a', token: { ...token, generation: 2 } }
    assert.equal(steps.commit(record, ahead, NOW).answer, false)
    const first = steps.commit(record, { owner: 'a', token }, NOW)
    assert.equal(first.answer, true)
    assert.equal(steps.commit(first.record, { owner: 'a', token }, NOW).answer, true)
  })

  test('that was lost takes the commit of the holder, and goes on from its generation', () => {
    const token = { ...stored, generation: 7 }
    const { record, answer } = steps.commit(undefined, { owner: 'a', token }, NOW)
    assert.equal(answer, true)
    const next = steps.acquire(record, { owner: 'b', leaseMs: 1, denied: 'p' }, NOW)
    assert.deepEqual(next.answer, { generation: 8 })
  })

  test('that is foreign or damaged counts as empty', () => {
    const foreign = [null, 0, 'text', [], {}, { version: 2, generation: 3 }, { version: 1 }]
    const good = fresh()
    const damaged = [
      { ...good, generation: -1 },
      { ...good, generation: Infinity },
      { ...good, owner: 5 },
      { ...good, token: null },
      { ...good, token: { ...good.token, since: 'x' } },
      { ...good, token: { ...good.token, payload: {} } },
      { ...good, token: { ...good.token, life: undefined } },
      { ...good, token: { ...good.token, life: NaN } },
      { ...good, lease: { since: NOW, life: Infinity } },
      { ...good, calls: {} },
      { ...good, calls: ['x'] },
    ]
    for (const record of [...foreign, ...damaged]) {
      const text = JSON.stringify(record)
      assert.equal(steps.read(record, NOW).answer, undefined, text)
      const { answer } = steps.acquire(record, { owner: 'b', leaseMs: 10 }, NOW)
      assert.deepEqual(answer, { generation: 1 }, text)
      assert.equal(steps.take(record, { calls: 1, perMs: 9, slackMs: 0 }, NOW).answer, 0, text)
    }
  })

  test('that random hands have changed never makes a step throw', () => {
    const { next, pick } = seeded(11)
    const values = [null, undefined, -1, 0, 1, NOW, 1e308, NaN, '', 'x', [], [NOW], {}, true]
    const names = ['version', 'generation', 'owner', 'lease', 'token', 'calls', 'since', 'life']
    for (let round = 0; round < 3000; round += 1) {
      const record = { ...fresh(), token: { ...fresh().token }, lease: { since: NOW, life: 9 } }
      const place = pick([record, record.token, record.lease])
      place[pick(names)] = pick(values)
      const at = NOW + Math.floor(next() * 9000) - 2000
      const { answer } = steps.acquire(record, { owner: 'b', leaseMs: 10 }, at)
      const kinds = ['payload', 'generation', 'retryAfterMs']
      assert.ok(kinds.some((kind) => kind in answer))
      if ('retryAfterMs' in answer) assert.ok(answer.retryAfterMs >= 1 && answer.retryAfterMs <= 50)
      steps.read(record, at)
      steps.commit(record, { owner: 'a', token: { ...stored, generation: 1 } }, at)
      steps.renew(record, { owner: 'a', generation: 1, leaseMs: 5 }, at)
      steps.release(record, { owner: 'a', generation: 1 }, at)
      const wait = steps.take(record, { calls: 1, perMs: 9, slackMs: 1 }, at).answer
      assert.ok(wait >= 0 && wait <= 10)
    }
  })

  test('lets calls through by a log that slides, slack included', () => {
    const budget = { calls: 2, perMs: 100, slackMs: 10 }
    /** @type {any} */
    let record
    const waits = [0, 90, 91, 109, 110, 111, 199, 200].map((at) => {
      const taken = steps.take(record, budget, NOW + at)
      record = taken.record
      return taken.answer
    })
    assert.deepEqual(waits, [0, 0, 19, 1, 0, 89, 1, 0])
  })

  test('keeps the budget after a clock that was set back: one long wait, not twice the calls', () => {
    const budget = { calls: 2, perMs: 100, slackMs: 0 }
    /** @type {any} */
    let record
    for (const at of [0, 1]) record = steps.take(record, budget, NOW + at).record
    const back = steps.take(record, budget, NOW - 7_200_000)
    assert.equal(back.answer, 100)
    assert.equal(steps.take(back.record, budget, NOW - 7_200_000 + 100).answer, 0)
  })
})
