// What every token store promises: the conformance suite, and which broken stores it refuses.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { BROKEN } from './support/broken-stores.js'
import { importFile, importTesting, sealedMemory } from './support/stores.js'

/** @typedef {import('northbound').TokenStore} TokenStore */

const { checkTokenStore } = await importTesting()
/** @type {() => TokenStore} */
const memoryTokenStore = (await importFile('northbound.js')).memoryTokenStore
const { CHECKS } = await importFile('testing-checks.js')

describe('the conformance suite', { concurrency: true }, () => {
  test('passes the store in memory', () => checkTokenStore(memoryTokenStore))

  test('passes the store in memory with sealing', () =>
    checkTokenStore(async () => (await sealedMemory()).store))

  test('passes holders with stores of their own that share one state', () => {
    const store = memoryTokenStore()
    return checkTokenStore(async () => ({ ...store }), { separate: true })
  })

  test('passes a store without a budget of calls', () => {
    const { take, ...store } = memoryTokenStore()
    assert.ok(take)
    return checkTokenStore(() => store)
  })

  test('refuses holders whose stores do not share', async () => {
    await assert.rejects(checkTokenStore(memoryTokenStore, { separate: true }), /broken promise/)
  })

  test('refuses what is no store by name', async () => {
    const { take, renew, ...store } = memoryTokenStore()
    assert.ok(take && renew)
    for (const [make, message] of /** @type {[any, RegExp][]} */ ([
      [undefined, /`make` is not a function/],
      [() => store, /without renew\(\)/],
      [() => undefined, /without read\(\)/],
    ])) {
      await assert.rejects(checkTokenStore(make), { name: 'InvalidArgumentError', message })
    }
  })

  test('refuses options that are none by name', async () => {
    for (const [options, argument] of /** @type {[any, string][]} */ ([
      [{ seperate: true }, 'options.seperate'],
      [{ separate: 'yes' }, 'options.separate'],
      [null, 'options'],
      [true, 'options'],
    ])) {
      const asked = checkTokenStore(() => memoryTokenStore(), options)
      await assert.rejects(asked, { name: 'InvalidArgumentError', argument })
    }
  })

  test('tells what a store rejected with', async () => {
    const cause = new Error('the disk is gone')
    const store = { ...memoryTokenStore(), commit: () => Promise.reject(cause) }
    await assert.rejects(
      checkTokenStore(() => store),
      (/** @type {any} */ error) => {
        assert.equal(error.cause, cause)
        return /a token comes back whole.*rejected/.test(error.message)
      },
    )
  })

  test('waits for no answer for ever', async () => {
    const store = { ...memoryTokenStore(), read: () => new Promise(() => {}) }
    await assert.rejects(
      checkTokenStore(/** @type {any} */ (() => store)),
      /read\(\) did not answer within 5 s/,
    )
  })
})

test('the store in memory takes no argument', () => {
  /** @type {any} */
  const make = memoryTokenStore
  for (const given of [{}, null, 'x', { sealing: {} }]) {
    assert.throws(() => make(given), {
      name: 'InvalidArgumentError',
      operation: 'memoryTokenStore',
    })
  }
  assert.equal(typeof make(undefined).read, 'function')
})

describe('the conformance suite refuses a store', { concurrency: true }, () => {
  for (const [what, promise, breaking] of BROKEN) {
    test(what, async () => {
      const store = memoryTokenStore()
      const broken = { ...store, ...breaking(store) }
      await assert.rejects(
        checkTokenStore(() => broken),
        promise,
      )
    })
  }

  test('for every promise that it proves', () => {
    const promises = CHECKS.map((/** @type {{ promise: string }} */ { promise }) => promise)
    assert.ok(promises.length > 10)
    for (const promise of promises) {
      assert.ok(
        BROKEN.some(([, pattern]) => {
          const [part = ''] = pattern.source.replaceAll('\\', '').split(/\.\*|: /)
          return promise.includes(part) || part.includes(promise)
        }),
        `no broken store for: ${promise}`,
      )
    }
  })
})
