// The token stores that a worker process can be told to use, and the broken ones of the controls.

import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Where the token lives. `own`: in each client, unshared, as if there were no store. `without` takes
 * a promise away, to show what it is good for: `fence`: leases end after a third of their time, are
 * never renewed, and every commit is taken; `take`: each client counts its calls alone.
 *
 * @typedef {({ kind: 'own' } | { kind: 'memory' } | { kind: 'file', path: string }
 *   | { kind: 'redis', url: string, through?: 'redis' | 'ioredis' })
 *   & { without?: 'fence' | 'take' }} StoreSpec
 */

/** @typedef {import('northbound').TokenStore} TokenStore */

/**
 * @param {StoreSpec} spec
 * @param {any} northbound the package
 * @param {(file: string) => Promise<any>} entry imports another file of the package
 * @returns {Promise<TokenStore | undefined>}
 */
export async function openStore(spec, northbound, entry) {
  const store = await make(spec, northbound, entry)
  if (store && spec.without === 'fence') return unfenced(store)
  if (store && spec.without === 'take') return untaking(store)
  return store
}

/** @type {(...args: Parameters<typeof openStore>) => Promise<TokenStore | undefined>} */
async function make(spec, northbound, entry) {
  switch (spec.kind) {
    case 'own':
      return undefined
    case 'memory':
      return northbound.memoryTokenStore()
    case 'file':
      return (await entry('node-only.js')).fileTokenStore(spec.path)
    case 'redis': {
      const { redisTokenStore, nodeRedis, ioRedis } = await entry('redis.js')
      if (spec.through === 'ioredis')
        return redisTokenStore(ioRedis(await connectIoRedis(spec.url)))
      return redisTokenStore(nodeRedis(await connectNodeRedis(spec.url)))
    }
  }
}

/** @param {string} url */
async function connectNodeRedis(url) {
  const { createClient } = await import('redis')
  const client = createClient({ url })
  // Without a listener the first lost connection would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** @param {string} url */
async function connectIoRedis(url) {
  const { Redis } = await import('ioredis')
  const client = new Redis(url)
  client.on('error', () => {})
  return client
}

/**
 * @param {TokenStore} inner
 * @returns {TokenStore}
 */
function unfenced(inner) {
  return {
    read: (key) => inner.read(key),
    acquire: (key, owner, leaseMs, rejected) =>
      inner.acquire(key, owner, Math.ceil(leaseMs / 3), rejected),
    renew: async () => true,
    release: (key, owner, generation) => inner.release(key, owner, generation),
    async commit(key, owner, token) {
      let { generation } = token
      // Refused: with a generation of its own that is the latest, the same token is taken.
      while (!(await inner.commit(key, owner, { ...token, generation }))) {
        const stored = await inner.read(key)
        const answer = await inner.acquire(key, owner, 1000, stored?.accessToken)
        if ('generation' in answer) generation = answer.generation
        else await sleep('retryAfterMs' in answer ? answer.retryAfterMs : 1)
      }
      return true
    },
  }
}

/**
 * @param {TokenStore} inner
 * @returns {TokenStore}
 */
function untaking(inner) {
  return {
    read: (...args) => inner.read(...args),
    acquire: (...args) => inner.acquire(...args),
    renew: (...args) => inner.renew(...args),
    commit: (...args) => inner.commit(...args),
    release: (...args) => inner.release(...args),
  }
}
