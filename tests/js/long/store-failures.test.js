// Token stores that hold up calls for longer than a test of every day may take.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { rejection } from '../support/expect.js'
import { importPackage } from '../support/package.js'
import {
  checkThatRejectionsAreSeen,
  fullest,
  listener,
  many,
  watched,
  watchRejections,
} from '../support/sharing.js'
import { ADDRESS, operationOf, stubPlatform } from '../support/stub.js'

/** @typedef {import('northbound').TokenStore} TokenStore */

const { NorthApiClient, memoryTokenStore } = await importPackage()

const DEVICE = { deviceId: 'device-1' }

const unhandled = watchRejections()
after(() => assert.deepEqual(unhandled, []))

/** @param {TokenStore} tokenStore @param {import('northbound').NorthApiOptions} [options] */
function connect(tokenStore, options = {}) {
  const heard = listener()
  const platform = stubPlatform()
  /** @type {number[]} */
  const times = []
  /** @type {import('northbound').FetchLike} */
  const fetch = (url, init) => {
    if (operationOf(url, init) === 'queryDeviceStatus') times.push(performance.now())
    return platform.fetch(url, init)
  }
  const info = { appId: 'app1', secret: 'secret-of-app1', ...ADDRESS }
  const client = new NorthApiClient(info, {
    ...{ tokenStore, fetch, retry: false, onEvent: heard.onEvent },
    ...options,
  })
  return { client, times, ...heard }
}

describe('a store', { concurrency: true }, () => {
  for (const retryAfterMs of [50, 1e300]) {
    test(`that says to wait for ${retryAfterMs} ms for ever is given up after 25 seconds`, async () => {
      const { store } = watched(memoryTokenStore(), (method, _, ask) =>
        method === 'acquire' ? { retryAfterMs } : ask(),
      )
      const { client } = connect(store)
      const start = performance.now()
      const calls = many(5, () => rejection(client.queryDeviceStatus(DEVICE)))
      for (const error of await Promise.all(calls)) {
        assert.deepEqual([error.name, error.operation], ['TimeoutError', 'getAuthToken'])
      }
      const took = performance.now() - start
      assert.ok(took > 24_900 && took < 28_000, `it took ${took} ms`)
    })
  }

  test('that does not count is asked again after 5 seconds, and then the budget is whole', async () => {
    let isDown = true
    const { store } = watched(memoryTokenStore(), (method, _, ask) => {
      if (method === 'take' && isDown) throw new Error('out of order')
      return ask()
    })
    const { client, times, warnings } = connect(store, { throttle: { calls: 20, perMs: 1000 } })
    await client.queryDeviceStatus(DEVICE)
    assert.equal(warnings().length, 1)
    isDown = false
    await sleep(5100)
    await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
    assert.ok(fullest(times, 1000) > 10, `${fullest(times, 1000)} calls in a second`)
    assert.equal(warnings().length, 2)
    assert.equal(warnings('token-store')[1], 'the token store counts again')
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
