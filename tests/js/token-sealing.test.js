// What sealing keeps secret, and what the stores refuse.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import {
  aesGcm,
  importNode,
  importRedis,
  leaseOf,
  sealedMemory,
  sharedToken,
} from './support/stores.js'

/** @typedef {import('northbound').SharedToken} SharedToken */

describe('sealing', () => {
  test('keeps the token out of what is stored, where it is without', async () => {
    const plain = {
      seal: (/** @type {string} */ text) => text,
      open: (/** @type {string} */ text) => text,
    }
    for (const [sealing, shown] of /** @type {const} */ ([
      [aesGcm(), false],
      [plain, true],
    ])) {
      const { store, records } = await sealedMemory(sealing)
      await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
      assert.equal(JSON.stringify([...records]).includes('secret-access-1'), shown)
      assert.equal((await store.read('k'))?.accessToken, 'secret-access-1')
    }
  })

  test('with another key counts as empty and leads to a lease', async () => {
    const { store, records } = await sealedMemory()
    await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
    const other = await sealedMemory()
    other.records.set('k', records.get('k'))
    assert.equal(await other.store.read('k'), undefined)
    const lease = { generation: 2, unreadable: true }
    assert.deepEqual(await other.store.acquire('k', 'b', 1000), lease)
  })

  test('binds a token to its application: moved to another one it counts as empty', async () => {
    for (const [sealing, moved] of /** @type {const} */ ([
      [aesGcm(), undefined],
      // What is kept as it is, anybody could have written.
      [undefined, 'secret-access-1'],
    ])) {
      const { store, records } = await sealedMemory(sealing ?? null)
      await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
      records.set('other', records.get('k'))
      assert.equal((await store.read('other'))?.accessToken, moved)
      assert.equal((await store.read('k'))?.accessToken, 'secret-access-1')
    }
  })

  test('that gives the same token another text is still recognised as rejected', async () => {
    const key = aesGcm()
    const { store, records } = await sealedMemory(key)
    await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k')))
    const stranger = await sealedMemory(key)
    stranger.records.set('k', records.get('k'))
    const answer = await stranger.store.acquire('k', 'b', 1000, 'secret-access-1')
    assert.deepEqual(answer, { generation: 2 })
  })

  test('that fails rejects the commit and shows nothing of the token', async () => {
    const failing = {
      seal: (/** @type {string} */ plain) => Promise.reject(new Error(`cannot seal ${plain}`)),
      open: (/** @type {string} */ text) => text,
    }
    const { store } = await sealedMemory(failing)
    const generation = await leaseOf(store, 'k')
    await assert.rejects(store.commit('k', 'a', sharedToken(generation)), (error) => {
      assert.ok(error instanceof Error && /sealing\.seal failed/.test(error.message))
      assert.doesNotMatch(error.stack + JSON.stringify(error) + String(error.cause), /secret-/)
      return true
    })
    const number = { ...failing, seal: () => /** @type {any} */ (5) }
    const wrong = (await sealedMemory(number)).store
    await assert.rejects(wrong.commit('k', 'a', sharedToken(await leaseOf(wrong, 'k'))), /seal/)
  })

  test('that takes its time is no part of the life of the token', async () => {
    const slow = {
      seal: (/** @type {string} */ plain) => plain,
      open: async (/** @type {string} */ text) => {
        await new Promise((resolve) => setTimeout(resolve, 60))
        return text
      },
    }
    const { store } = await sealedMemory(slow)
    await store.commit('k', 'a', sharedToken(await leaseOf(store, 'k'), { lifeMs: 5000 }))
    const { lifeMs } = /** @type {SharedToken} */ (await store.read('k'))
    assert.ok(lifeMs <= 4942, `${lifeMs}`)
  })
})

describe('wrong arguments', () => {
  test('are refused by name', async () => {
    const { fileTokenStore } = await importNode()
    const { redisTokenStore, nodeRedis, ioRedis } = await importRedis()
    const run = async () => []
    const sealing = aesGcm()
    const throwing = {
      get prefix() {
        throw new Error('no')
      },
    }
    for (const [argument, call] of /** @type {[string, () => unknown][]} */ ([
      ['path', () => fileTokenStore('')],
      [
        'options.sealing.Open',
        () => fileTokenStore('x', { sealing: /** @type {any} */ ({ ...sealing, Open() {} }) }),
      ],
      ['path', () => fileTokenStore('a\0b')],
      ['path', () => fileTokenStore(/** @type {any} */ (5))],
      ['options', () => fileTokenStore('x', /** @type {any} */ (null))],
      ['options', () => fileTokenStore('x', /** @type {any} */ ([]))],
      ['options.seal', () => fileTokenStore('x', /** @type {any} */ ({ seal: sealing }))],
      ['options.sealing', () => fileTokenStore('x', { sealing: /** @type {any} */ (5) })],
      [
        'options.sealing',
        () => fileTokenStore('x', { sealing: /** @type {any} */ ({ seal() {} }) }),
      ],
      ['run', () => redisTokenStore(/** @type {any} */ ({}))],
      ['options.prefix', () => redisTokenStore(run, { prefix: 'a{b}' })],
      ['options.prefix', () => redisTokenStore(run, { prefix: /** @type {any} */ (5) })],
      ['options.Prefix', () => redisTokenStore(run, /** @type {any} */ ({ Prefix: '' }))],
      ['options', () => redisTokenStore(run, /** @type {any} */ (throwing))],
      ['client', () => nodeRedis(/** @type {any} */ ({}))],
      ['client', () => ioRedis(/** @type {any} */ (undefined))],
    ])) {
      assert.throws(call, { name: 'InvalidArgumentError', argument, retryable: false })
    }
    class Keeper {
      key = 'x'
      seal = sealing.seal
      open = sealing.open
    }
    fileTokenStore('x', { sealing: new Keeper() })
    fileTokenStore('x', { sealing: /** @type {any} */ ({ ...sealing, key: 'x' }) })
    fileTokenStore('x', { sealing: undefined })
    redisTokenStore(run, { prefix: undefined })
  })

  test('say what was there in the place of a path', async () => {
    const { fileTokenStore } = await importNode()
    for (const [path, message] of /** @type {[any, string][]} */ ([
      [undefined, '`path` is undefined, expected the path of a file'],
      [null, '`path` is null, expected the path of a file'],
      [{}, '`path` is an object, expected the path of a file'],
      ['', '`path` is empty, expected the path of a file'],
      [new URL('file:///tmp/x'), '`path` is a URL; give fileURLToPath(url) of node:url'],
    ])) {
      assert.throws(() => fileTokenStore(path), { name: 'InvalidArgumentError', message })
    }
  })

  test('say what was there in the place of options', async () => {
    const { fileTokenStore } = await importNode()
    for (const [options, message] of /** @type {[any, string][]} */ ([
      [null, '`options` is null, expected an object'],
      [[], '`options` is an array, expected an object'],
      ['x', '`options` is a string, expected an object'],
    ])) {
      assert.throws(() => fileTokenStore('x', options), { name: 'InvalidArgumentError', message })
    }
  })
})
