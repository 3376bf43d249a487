// Every operation meets every fault once: each call ends in time, rightly or with an error that fits, nothing
// is done behind the caller's back, and what was called works afterwards. tests/chaos/ has the parts.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { FAULTS } from '../chaos/faults.js'
import { judge } from '../chaos/judge.js'
import { MODES, nameOf, runMatrix, thinMatrix } from '../chaos/matrix.js'
import { OPERATIONS } from '../chaos/operations.js'
import { memory, summary, watchWasmMemory } from '../chaos/summary.js'
import { startWorld } from '../chaos/world.js'
import { checkThatRejectionsAreSeen, watchRejections } from './support/sharing.js'

const wasmBytes = watchWasmMemory()
const unhandled = watchRejections()

/** @type {import('../chaos/world.js').World} */
let world

before(async () => {
  world = await startWorld(8)
})

after(() => world?.stop())

test('each operation survives each fault', async (t) => {
  const earlier = await memory(wasmBytes)
  const plans = thinMatrix()
  assert.equal(plans.length, OPERATIONS.length * FAULTS.length)
  const cells = await runMatrix(world, plans)
  const later = await memory(wasmBytes)
  for (const line of summary(cells)) t.diagnostic(line)
  t.diagnostic(`MiB before: ${JSON.stringify(earlier)}, afterwards: ${JSON.stringify(later)}`)

  const wrong = cells.flatMap(({ plan, complaints }) =>
    complaints.map((complaint) => `${nameOf(plan)}: ${complaint}`),
  )
  assert.deepEqual(wrong, [])
  assert.deepEqual(unhandled, [])
  assert.ok(later.wasm <= 4, `WebAssembly holds ${later.wasm} MiB`)
  assert.ok(later.external - earlier.external < 20, `external memory: ${later.external} MiB`)
  assert.ok(later.rss < 400, `the process holds ${later.rss} MiB`)
})

test('each public operation is in the matrix', () => {
  const { NorthApiClient, OnsMqttClient } = world.northbound
  const methods = [NorthApiClient, OnsMqttClient].flatMap((Class) =>
    Object.getOwnPropertyNames(Class.prototype).filter(
      (name) => !['constructor', 'free'].includes(name),
    ),
  )
  const called = OPERATIONS.map(({ name }) => name)
  assert.deepEqual(
    methods.filter((name) => !called.includes(name)),
    [],
  )
})

describe('the judge refuses', () => {
  const [plain] = MODES
  /** @param {string} operation @param {string} fault @param {Partial<import('../chaos/judge.js').Cell>} more */
  function complaints(operation, fault, more) {
    const cell = /** @type {import('../chaos/judge.js').Cell} */ ({
      operation: OPERATIONS.find(({ name }) => name === operation),
      fault: FAULTS.find(({ name }) => name === fault),
      mode: plain,
      id: '0-cell-1',
      passed: [],
      ...more,
    })
    return judge(cell, world.northbound, world.secrets).complaints.join('\n')
  }
  const ANSWER = {
    status: 200,
    headers: [],
    body: Buffer.from('{"deviceId":"d","verifyCode":"a-code"}'),
  }
  const asked = { method: 'POST', path: '/', headers: {}, body: '' }
  const passed = [{ operation: 'regDirectDevice', asked, answer: ANSWER, fault: 'cut body' }]
  /** @param {Record<string, unknown>} [more] */
  const error = (more) =>
    new world.northbound.NetworkError(
      /** @type {any} */ ({
        message: 'no answer',
        operation: 'x',
        attempts: 1,
        retryable: false,
        ...more,
      }),
    )

  test('an error that keeps silent about what the platform did', () => {
    const found = complaints('regDirectDevice', 'cut body', {
      outcome: { error: error(), tookMs: 1 },
      passed,
    })
    assert.match(found, /the platform acted, and the error does not say/)
  })

  test('a secret of the answer in an error', () => {
    const found = complaints('refreshDeviceKey', 'cut body', {
      outcome: { error: error({ excerpt: 'verifyCode: a-secret-code' }), tookMs: 1 },
      passed: [
        {
          ...passed[0],
          answer: { ...ANSWER, body: Buffer.from('{"verifyCode":"a-secret-code"}') },
        },
      ].map((each) => /** @type {any} */ (each)),
    })
    assert.match(found, /an error: answer 0, raw/)
  })

  test('an error that is none of the package', () => {
    const outcome = { error: new TypeError('no'), tookMs: 1 }
    assert.match(complaints('queryDeviceStatus', 'garbage', { outcome }), /rejected with TypeError/)
  })

  test('a success that the platform knows nothing of', () => {
    const outcome = { result: undefined, tookMs: 1 }
    const found = complaints('deleteDirectDevice', 'stall, unread', { outcome })
    assert.match(found, /the platform did nothing/)
    assert.match(found, /ok fits neither/)
  })

  test('a result that is not what the platform said', () => {
    const outcome = { result: { deviceId: 'd', verifyCode: 'another' }, tookMs: 1 }
    const found = complaints('regDirectDevice', 'delay', { outcome, passed })
    assert.match(found, /last word lacks another/)
  })

  test('a call that takes too long', () => {
    const outcome = { error: error(), tookMs: 60_000 }
    assert.match(complaints('queryDeviceStatus', 'garbage', { outcome }), /took 60000 ms/)
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
