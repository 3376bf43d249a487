// The store in Redis, against a server of its own, by both clients that the package has adapters for.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

import { Redis } from 'ioredis'
import { createClient } from 'redis'

import { runModule } from './support/child.js'
import { startRedis } from './support/redis.js'
import { aesGcm, importRedis, importTesting, leaseOf, sharedToken } from './support/stores.js'

/** @typedef {import('northbound').TokenStore} TokenStore */

const { checkTokenStore } = await importTesting()
const { redisTokenStore, nodeRedis, ioRedis } = await importRedis()

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis
/** @param {number} port */
const connect = (port) =>
  createClient({ url: `redis://127.0.0.1:${port}` })
    .on('error', () => {})
    .connect()
/** @type {Awaited<ReturnType<typeof connect>>} */
let client
/** @type {Redis} */
let other
/** @type {TokenStore} */
let store

before(async () => {
  redis = await startRedis()
  client = await connect(redis.port)
  other = new Redis(redis.port).on('error', () => {})
})

after(async () => {
  client.destroy()
  other.disconnect()
  await redis.stop()
})

beforeEach(() => (store = redisTokenStore(nodeRedis(client))))

let keys = 0
const newKey = () => `app${(keys += 1)}@https://platform.example:8743`
const all = (/** @type {string} */ key) => client.keys(`northbound:{${key}}:*`)
/** @param {string} key @param {string} part */
const at = (key, part) => `northbound:{${key}}:${part}`

describe('the conformance suite passes', { concurrency: true }, () => {
  test('stores by node-redis', () =>
    checkTokenStore(() => redisTokenStore(nodeRedis(client)), { separate: true }))

  test('stores by ioredis', () =>
    checkTokenStore(() => redisTokenStore(ioRedis(other)), { separate: true }))

  test('stores by both at once, with sealing', () => {
    const sealing = aesGcm()
    let made = 0
    const make = () =>
      redisTokenStore((made += 1) % 2 ? nodeRedis(client) : ioRedis(other), { sealing })
    return checkTokenStore(make, { separate: true })
  })
})

describe('keys in Redis', () => {
  test('all end by themselves', async () => {
    const key = newKey()
    const generation = await leaseOf(store, key)
    await store.take?.(key, { calls: 5, perMs: 1000, slackMs: 33.3 })
    assert.equal((await all(key)).length, 3)
    for (const each of await all(key)) assert.ok((await client.pTTL(each)) > 0, each)
    await store.commit(key, 'a', sharedToken(generation))
    assert.deepEqual((await all(key)).sort(), [
      at(key, 'calls'),
      at(key, 'generation'),
      at(key, 'token'),
    ])
    for (const each of await all(key)) assert.ok((await client.pTTL(each)) > 0, each)
  })

  test('have the prefix that was asked for, and braces in a key move nothing', async () => {
    const prefixed = redisTokenStore(nodeRedis(client), { prefix: 'shop/' })
    await leaseOf(prefixed, 'a{b}%')
    const found = (await client.keys('shop/*')).sort()
    assert.deepEqual(found, ['shop/{a%7bb%7d%25}:generation', 'shop/{a%7bb%7d%25}:lease'])
  })

  test('whose life is the token, whatever the clocks of the servers say', async () => {
    const key = newKey()
    await store.commit(key, 'a', sharedToken(await leaseOf(store, key), { lifeMs: 5000 }))
    const left = await client.pTTL(at(key, 'token'))
    assert.ok(left > 4000 && left <= 5000, `${left}`)
    const now = Date.now
    try {
      Date.now = () => now() + 4_200_000
      assert.equal((await store.read(key))?.generation, 1)
    } finally {
      Date.now = now
    }
  })

  test('of one application live on one node of a cluster', async () => {
    const cluster = await startRedis({ options: { 'cluster-enabled': 'yes' } })
    const node = new Redis(cluster.port)
    await node.cluster('ADDSLOTSRANGE', 0, 16383)
    while (!/cluster_state:ok/.test(String(await node.cluster('INFO')))) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await assert.rejects(node.eval('return 1', 2, 'a', 'b'), /CROSSSLOT/)
    const spread = redisTokenStore(ioRedis(node))
    for (const key of ['k', 'a{b}c', '}{', '{}']) {
      assert.equal(await spread.commit(key, 'a', sharedToken(await leaseOf(spread, key))), true)
      assert.equal((await spread.read(key))?.generation, 1)
    }
    node.disconnect()
    await cluster.stop()
  })

  test('of another type, without an end or with a foreign value count as empty and are removed', async () => {
    /** @type {[string, (key: string) => Promise<unknown>][]} */
    const foreign = [
      ['a list', (key) => client.rPush(key, ['x'])],
      ['a hash', (key) => client.hSet(key, 'field', 'x')],
      ['a text', (key) => client.set(key, 'hello', { PX: 60_000 })],
      ['an empty text', (key) => client.set(key, '', { PX: 60_000 })],
      ['a whole token without an end', (key) => client.set(key, '1 1 60000 60000 {}')],
      ['a token cut off', (key) => client.set(key, '1 1 60000', { PX: 60_000 })],
      ['a token of another version', (key) => client.set(key, '2 1 9 9 {}', { PX: 60_000 })],
    ]
    for (const [what, plant] of foreign) {
      for (const part of ['token', 'lease', 'generation']) {
        // Shorter texts that begin with numbers are those of leases and generations.
        if (part !== 'token' && /token (cut|of)/.test(what)) continue
        const key = newKey()
        await plant(at(key, part))
        assert.equal(await store.read(key), undefined, what)
        assert.deepEqual(await store.acquire(key, 'a', 5000), { generation: 1 }, `${part}: ${what}`)
        assert.equal(await store.commit(key, 'a', sharedToken(1)), true, `${part}: ${what}`)
        assert.equal((await store.read(key))?.accessToken, 'secret-access-1')
      }
      const key = newKey()
      await plant(at(key, 'lease'))
      assert.equal(await store.renew(key, 'a', 1, 1000), false)
      await store.release(key, 'a', 1)
      await plant(at(key, 'calls'))
      const budget = { calls: 1, perMs: 60_000, slackMs: 0 }
      assert.equal(await store.take?.(key, budget), 0, what)
      assert.ok(Number(await store.take?.(key, budget)) > 50_000, what)
    }
  })

  test('of a token whose payload is none count as empty', async () => {
    for (const payload of ['', '{', 'null', '[]', '{"accessToken":""}', '"text"']) {
      const key = newKey()
      await client.set(at(key, 'token'), `1 4 60000 60000 ${payload}`, { PX: 60_000 })
      assert.equal(await store.read(key), undefined, payload)
      const lease = { generation: 1, unreadable: true }
      assert.deepEqual(await store.acquire(key, 'a', 5000), lease, payload)
    }
  })

  test('of calls from before the clock was set back make one long wait', async () => {
    const key = newKey()
    await client.rPush(at(key, 'calls'), [`${Date.now() + 7_200_000}`, 'x'])
    const budget = { calls: 1, perMs: 1000, slackMs: 0 }
    const wait = Number(await store.take?.(key, budget))
    assert.ok(wait > 900 && wait <= 1000, `${wait}`)
    assert.equal(await client.lLen(at(key, 'calls')), 1)
    assert.ok((await client.pTTL(at(key, 'calls'))) <= 1000)
  })

  test('of calls that aged out are cut off, and the others are not written again', async () => {
    const key = newKey()
    const now = Date.now()
    const stamps = [now - 90_000, now - 80_000, ...Array(50).fill(now - 10)]
    await client.rPush(at(key, 'calls'), stamps.map(String))
    await client.configResetStat()
    assert.equal(await store.take?.(key, { calls: 100, perMs: 60_000, slackMs: 0 }), 0)
    const info = await client.info('commandstats')
    const counted = (/** @type {string} */ name) =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(info)?.[1] ?? 0)
    assert.deepEqual([counted('ltrim'), counted('rpush'), counted('del')], [1, 1, 0])
    assert.equal(await client.lLen(at(key, 'calls')), 51)
    assert.ok(Number(await store.take?.(key, { calls: 51, perMs: 60_000, slackMs: 0 })) > 50_000)
    await client.rPush(at(key, 'calls'), 'x')
    // The list lives as long as its window: a short one would be gone before it is looked at.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    assert.equal(await store.take?.(key, { calls: 1, perMs: 1000, slackMs: 0 }), 0)
    assert.equal(await client.lLen(at(key, 'calls')), 1)
  })

  test('that are lost take the commit of the holder, and no generation goes back after it', async () => {
    const key = newKey()
    for (let round = 0; round < 3; round += 1) {
      const generation = await leaseOf(store, key)
      await store.release(key, 'a', generation)
    }
    const generation = await leaseOf(store, key)
    await client.flushAll()
    assert.equal(await store.commit(key, 'a', sharedToken(generation)), true)
    const next = await store.acquire(key, 'b', 1000, `secret-access-${generation}`)
    assert.deepEqual(next, { generation: generation + 1 })
  })
})

test('8 processes that ask at once get one lease, and then its token', async () => {
  const key = newKey()
  const source = `
    import { createClient } from ${JSON.stringify(import.meta.resolve('redis'))}
    import { nodeRedis, redisTokenStore } from 'northbound/redis'
    const client = await createClient({ url: '${redis.url}' }).connect()
    const store = redisTokenStore(nodeRedis(client))
    for (;;) {
      const answer = await store.acquire('${key}', 'owner-' + process.pid, 20_000)
      if ('retryAfterMs' in answer) {
        await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs))
        continue
      }
      console.log(JSON.stringify(answer))
      if ('token' in answer) break
      const token = ${JSON.stringify(sharedToken(1))}
      await store.commit('${key}', 'owner-' + process.pid, token)
      break
    }
    client.destroy()
  `
  const runs = await Promise.all(Array.from({ length: 8 }, () => runModule(source)))
  assert.deepEqual(
    runs.map(({ code, stderr }) => [code, stderr]),
    Array(8).fill([0, '']),
  )
  const answers = runs.map(({ stdout }) => JSON.parse(stdout))
  assert.equal(answers.filter((answer) => 'generation' in answer).length, 1)
  const tokens = answers.filter((answer) => 'token' in answer)
  assert.ok(tokens.every(({ token }) => token.accessToken === 'secret-access-1'))
  assert.equal(tokens.length, 7)
})

test('with sealing no token gets to the disk of Redis, without it does', async () => {
  for (const sealing of [undefined, aesGcm()]) {
    const server = await startRedis()
    const connection = await connect(server.port)
    const sealed = redisTokenStore(nodeRedis(connection), { sealing })
    await sealed.commit('k', 'a', sharedToken(await leaseOf(sealed, 'k')))
    assert.equal((await sealed.read('k'))?.refreshToken, 'secret-refresh-1')
    await server.stopAndKeep()
    connection.destroy()
    const disk = readFileSync(join(server.folder, 'dump.rdb'), 'latin1')
    assert.ok(disk.includes('northbound:{k}:token'))
    assert.equal(disk.includes('secret-'), sealing === undefined)
  }
})

test('a server that comes back with its data goes on where it was', async () => {
  const first = await startRedis()
  const connection = await connect(first.port)
  const lasting = redisTokenStore(nodeRedis(connection))
  await lasting.commit('k', 'a', sharedToken(await leaseOf(lasting, 'k')))
  await first.stopAndKeep()
  const second = await startRedis({ port: first.port, folder: first.folder })
  assert.equal((await lasting.read('k'))?.generation, 1)
  const next = await lasting.acquire('k', 'b', 1000, 'secret-access-1')
  assert.deepEqual(next, { generation: 2 })
  connection.destroy()
  await second.stop()
})

test('errors of Redis arrive without what was to be stored', async () => {
  const server = await startRedis()
  const failing = new Redis(server.port, { maxRetriesPerRequest: 0, retryStrategy: () => null })
  failing.on('error', () => {})
  const connection = await connect(server.port)
  await connection.configSet('maxmemory', '1')
  for (const run of [ioRedis(failing), nodeRedis(connection)]) {
    const full = redisTokenStore(run)
    await assert.rejects(full.commit('k', 'a', sharedToken(1)), (/** @type {any} */ error) => {
      assert.match(
        error.message,
        /^redisTokenStore: Redis could not be asked \([A-Za-z]+Error OOM\)$/,
      )
      const shown = `${error.stack} ${JSON.stringify(error)} ${Object.values(error)} ${error.cause}`
      assert.doesNotMatch(shown, /secret-/)
      return true
    })
  }
  await server.stop()
  await assert.rejects(redisTokenStore(ioRedis(failing)).read('k'), {
    message: /^redisTokenStore: Redis could not be asked/,
  })
  failing.disconnect()
  connection.destroy()
})

test('a run whose error shows what it was given is not quoted', async () => {
  const telling = redisTokenStore(async (_, __, args) => {
    throw new Error(`failed with ${args.join(' ')}`)
  })
  await assert.rejects(telling.commit('k', 'a', sharedToken(1)), {
    message: 'redisTokenStore: Redis could not be asked',
  })
})

test('of what a client throws, name and code pass if they look like it, and what is final', async () => {
  class ConnectionTimeoutError extends Error {}
  /** @param {unknown} thrown */
  const seen = async (thrown) => {
    const failing = redisTokenStore(() => Promise.reject(thrown))
    const error = await failing.read('k').catch((each) => each)
    const asked = /** @type {string} */ (error.message).replace(/^.* be asked ?/, '')
    return [asked, error.code, error.retryable]
  }
  const refused = Object.assign(new ConnectionTimeoutError('to 10.0.0.1'), { code: 'ECONNREFUSED' })
  assert.deepEqual(await seen(refused), [
    '(ConnectionTimeoutError ECONNREFUSED)',
    'ECONNREFUSED',
    undefined,
  ])
  const final = Object.assign(new Error('WRONGPASS no'), { retryable: false, name: 'ReplyError' })
  assert.deepEqual(await seen(final), ['(ReplyError WRONGPASS)', undefined, false])
  const quoting = { name: 'SET Zsecret Error', code: 'SET secret', message: 'ABCSECRET x' }
  assert.deepEqual(await seen(Object.assign(new Error(), quoting)), ['', undefined, undefined])
  for (const odd of [null, undefined, 'secret', Symbol('secret'), ['secret']]) {
    assert.deepEqual(await seen(odd), ['', undefined, undefined])
  }
})

test('an adapter refuses the client of the other package, and names its own', async () => {
  /** @param {() => unknown} call @param {RegExp} message */
  const refused = (call, message) =>
    assert.throws(call, { name: 'InvalidArgumentError', argument: 'client', message })
  refused(() => nodeRedis(/** @type {any} */ (other)), /of ioredis; use ioRedis\(client\)/)
  refused(() => ioRedis(/** @type {any} */ (client)), /of node-redis; use nodeRedis\(client\)/)
  const alone = { eval: async () => ['number', 0] }
  for (const run of [nodeRedis(alone), ioRedis(alone)]) {
    assert.equal(await redisTokenStore(run).read('k'), undefined)
  }
})

test('a run that answers something else is refused', async () => {
  for (const answer of [null, 'OK', [], ['token'], ['token', 5, 1, 1, 1], ['number', 'x'], {}]) {
    const wrong = redisTokenStore(async () => answer)
    await assert.rejects(wrong.read('k'), /script of read is not what it returned/)
  }
})

test('a frozen server answers nothing, and all that waited once it goes on', async () => {
  const key = newKey()
  redis.freeze()
  let answered = false
  const waiting = store.acquire(key, 'a', 1000).finally(() => (answered = true))
  const until = performance.now() + 200
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(answered, false)
  redis.thaw()
  assert.deepEqual(await waiting, { generation: 1 })
})

test('the server ends with the process that started it', async () => {
  const support = new URL('support/redis.js', import.meta.url).href
  const { stdout } = await runModule(`
    import { startRedis } from '${support}'
    const { port, pid } = await startRedis()
    console.log(JSON.stringify({ port, pid }))
    process.kill(process.pid, 'SIGKILL')
  `)
  const { pid } = JSON.parse(stdout)
  const end = performance.now() + 5000
  const lives = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  while (lives()) {
    assert.ok(performance.now() < end, 'redis-server is still there')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
})
