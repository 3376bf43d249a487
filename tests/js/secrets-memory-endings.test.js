// What of secrets lies in the memory of WebAssembly after work that did not end well, and after its client was
// freed meanwhile.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { wholeMemory } from './support/wasm-memory.js'
import {
  ANSWERS,
  SECRETS,
  failingStore,
  isLogin,
  northClient,
  northPlatform,
  refusingTokens,
  search,
  settled,
  tellingStore,
} from './support/memory-secrets.js'
import { operationOf, reply } from './support/stub.js'

describe('work that does not end well leaves nothing behind once its client is freed', () => {
  /** @type {[string, import('northbound').FetchLike, any?][]} */
  const ENDINGS = [
    ['a platform that says no', async () => reply(403, { error_code: '100203', error_desc: 'no' })],
    [
      'an answer that is cut',
      async () => reply(200, JSON.stringify(ANSWERS.getAuthToken).slice(0, -2)),
    ],
    [
      'an answer too large',
      async () => reply(200, JSON.stringify(ANSWERS.getAuthToken).repeat(9000)),
    ],
    [
      'a page with the tokens in it',
      async () => reply(502, `<p>${JSON.stringify(ANSWERS.getAuthToken)}`),
    ],
    ['a refused token', refusingTokens],
    [
      'a fetch that throws what it was given',
      async (_url, init) => Promise.reject(new Error(`${init.body}`)),
    ],
    ['an answer that never comes', () => new Promise(() => {}), { timeoutMs: 5 }],
  ]
  for (const [what, fetch, options] of ENDINGS) {
    test(what, async () => {
      const client = northClient({ ...options, fetch })
      const call = client.refreshDeviceKey({ deviceId: 'd', verifyCode: SECRETS.sentCode })
      await assert.rejects(call)
      client.free()
      await settled()
      assert.deepEqual(search.labels(wholeMemory()), [])
    })
  }

  test('calls that are aborted: before, while they log in, while they wait for an answer or their turn', async () => {
    const gone = AbortSignal.abort()
    const hung = () => new Promise(() => {})
    for (const [fetch, options, signal] of /** @type {[any, any, AbortSignal?][]} */ ([
      [northPlatform, {}, gone],
      [hung, {}],
      [
        async (/** @type {string} */ url, /** @type {any} */ init) =>
          isLogin([url, init]) ? northPlatform(url, init) : hung(),
        {},
      ],
      [northPlatform, { throttle: { calls: 1, perMs: 60_000 } }],
    ])) {
      const client = northClient({ ...options, fetch })
      const codes = { deviceId: 'd', verifyCode: SECRETS.sentCode }
      const controller = new AbortController()
      const calls = [1, 2].map(() =>
        client.refreshDeviceKey(codes, { signal: signal ?? controller.signal }),
      )
      const ended = Promise.allSettled(calls)
      await settled()
      controller.abort()
      const outcomes = await ended
      assert.ok(outcomes.some(({ status }) => status === 'rejected'))
      client.free()
      await settled()
      assert.deepEqual(
        search.names().filter((name) => name === 'sentCode'),
        [],
      )
      // A login that was begun goes on for whoever may come, for as long as its time allows.
      if (fetch !== hung) assert.deepEqual(search.labels(wholeMemory()), [])
    }
  })

  test('calls under way when their client is freed: they answer first', async () => {
    /** @type {((value: any) => void)[]} */
    const answers = []
    /** @type {import('northbound').FetchLike} */
    const fetch = (url, init) =>
      new Promise((resolve) =>
        answers.push(() => resolve(reply(200, ANSWERS[operationOf(url, init)]))),
      )
    const client = northClient({ fetch })
    const call = client.refreshDeviceKey({ deviceId: 'd', verifyCode: SECRETS.sentCode })
    await settled()
    client.free()
    assert.deepEqual(search.names(), ['appSecret', 'sentCode'])
    answers.shift()?.(undefined)
    await settled()
    assert.ok(search.names().includes('accessToken'))
    answers.shift()?.(undefined)
    assert.equal((await call).verifyCode, SECRETS.givenCode)
    await settled()
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  test('logins that are under way when their client is freed, and that nobody answers', async () => {
    const client = northClient({ fetch: () => new Promise(() => {}), timeoutMs: 30 })
    const call = client.getAuthToken()
    client.free()
    await assert.rejects(call)
    await settled()
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  test('a store that rejects, and one whose answers are not to be believed', async () => {
    for (const tokenStore of [failingStore(), tellingStore()]) {
      const client = northClient({ tokenStore })
      await client.refreshDeviceKey({ deviceId: 'd', verifyCode: SECRETS.sentCode })
      client.free()
      await settled()
      assert.deepEqual(search.labels(wholeMemory()), [])
    }
  })
})
