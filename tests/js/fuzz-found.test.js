// What the fuzzer has found, one test each: odd arguments of stores and senders, and a polluted
// Object.prototype.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'

import { importPackage } from './support/package.js'
import { importNode, importRedis, temporaryFolder } from './support/stores.js'
import { ADDRESS, stubPlatform } from './support/stub.js'

/** @type {typeof import('northbound')} */
let northbound
const { fileTokenStore, nodeFetch } = await importNode()
const { ioRedis, nodeRedis, redisTokenStore } = await importRedis()

before(async () => {
  northbound = await importPackage()
})

/** @returns {any} */
function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** @type {any} */
const throwing = {
  get eval() {
    throw undefined
  },
}

describe('an InvalidArgumentError is what comes of', () => {
  for (const [what, call] of /** @type {[string, () => unknown][]} */ ([
    ['nodeRedis of a client that throws', () => nodeRedis(throwing)],
    ['ioRedis of a client that throws', () => ioRedis(throwing)],
    ['ioRedis of a revoked proxy', () => ioRedis(revoked())],
    ['redisTokenStore with revoked options', () => redisTokenStore(async () => 1, revoked())],
    ['fileTokenStore with revoked options', () => fileTokenStore('/nowhere', revoked())],
    ['fileTokenStore of a path that throws', () => fileTokenStore(revoked())],
    ['nodeFetch with revoked options', () => nodeFetch(revoked())],
  ])) {
    test(what, () => {
      assert.throws(call, (/** @type {any} */ error) => error.kind === 'invalid-argument')
    })
  }
})

test('a file store goes on after a step whose arguments throw, and so do those who wait with it', async () => {
  const store = fileTokenStore(join(temporaryFolder(), 'token'))
  const odd = Object.defineProperty({}, 'accessToken', {
    get() {
      throw null
    },
  })
  const bad = store.renew('key', 'owner', /** @type {any} */ (1n), 100).catch(() => 'rejected')
  const worse = store.commit('key', 'owner', /** @type {any} */ (odd)).catch(() => 'rejected')
  const thrower = (/** @type {unknown} */ thrown) =>
    new Proxy(
      {},
      {
        get() {
          throw thrown
        },
      },
    )
  // A key that throws what throws in its turn when somebody looks at it.
  const key = /** @type {any} */ (thrower(thrower(undefined)))
  const worst = store.release(key, 'owner', 1).catch(() => 'rejected')
  const good = store.acquire('key', 'owner', 1000)
  const settled = Promise.all([bad, worse, worst, good])
  const outcome = await Promise.race([settled, sleep(4000, 'it hangs', { ref: false })])
  assert.notEqual(outcome, 'it hangs')
  assert.deepEqual(await good, { generation: 1 })
})

test('an answer of Redis without an end is none', async () => {
  const endless = Object.assign(['token'], {
    *[Symbol.iterator]() {
      for (;;) yield 'x'
    },
  })
  await assert.rejects(redisTokenStore(async () => endless).read('key'), /is not what it returned/)
})

describe('a member that all objects have', () => {
  /** @param {string} name @param {unknown} value @param {() => Promise<unknown>} call */
  async function polluted(name, value, call) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true })
    try {
      await call()
    } finally {
      Reflect.deleteProperty(Object.prototype, name)
    }
  }
  const info = { appId: 'app1', secret: 'a-secret', ...ADDRESS }

  test('called `error` does not make an error of every result', async () => {
    const { fetch } = stubPlatform()
    const client = new northbound.NorthApiClient(info, { fetch })
    await polluted('error', { kind: 'internal' }, async () => {
      const { activated } = await client.queryDeviceStatus({ deviceId: 'device-1' })
      assert.equal(activated, true)
    })
  })

  test('called `fetch` or `tokenStore` is no option', async () => {
    for (const name of ['fetch', 'tokenStore', 'onEvent']) {
      await polluted(name, 'anything', async () => {
        const { fetch } = stubPlatform()
        const options = name === 'fetch' ? {} : { fetch }
        const client = new northbound.NorthApiClient(info, options)
        if (name !== 'fetch') await client.queryDeviceStatus({ deviceId: 'device-1' })
        client.free()
      })
    }
  })

  test('called `body` is sent with no request that has none', async () => {
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(info, { fetch })
    await polluted('body', 'anything', () => client.queryDeviceStatus({ deviceId: 'device-1' }))
    assert.ok(!Object.hasOwn(sent.at(-1)?.init ?? {}, 'body'))
  })
})
