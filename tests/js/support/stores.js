// Token stores of the installed package, and what their tests have in common.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { installPackage } from './package.js'

/**
 * @typedef {import('northbound').Sealing} Sealing
 * @typedef {import('northbound').SharedToken} SharedToken
 * @typedef {import('northbound').TokenStore} TokenStore
 */

/**
 * A file of the installed package.
 * @param {string} name
 * @returns {Promise<any>}
 */
export const importFile = (name) => import(join(installPackage(), 'node_modules/northbound', name))

/** @returns {Promise<typeof import('northbound/node')>} */
export const importNode = () => importFile('node-only.js')

/** @returns {Promise<typeof import('northbound/redis')>} */
export const importRedis = () => importFile('redis.js')

/** @returns {Promise<typeof import('northbound/testing')>} */
export const importTesting = () => importFile('testing.js')

/**
 * What a user would write: another text for every sealing of the same.
 * @param {Buffer} [key]
 * @returns {Sealing}
 */
export function aesGcm(key = randomBytes(32)) {
  return {
    seal(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const parts = [nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return Buffer.concat(parts).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

/**
 * @param {number} generation
 * @param {Partial<SharedToken>} [other]
 * @returns {SharedToken}
 */
export const sharedToken = (generation, other = {}) => ({
  accessToken: `secret-access-${generation}`,
  refreshToken: `secret-refresh-${generation}`,
  tokenType: 'bearer',
  scope: 'default',
  lifeMs: 60_000,
  refreshLifeMs: 600_000,
  generation,
  ...other,
})

/**
 * Asks for a lease where there must be one.
 * @param {TokenStore} store
 * @param {string} key
 * @param {string} [owner]
 * @param {number} [leaseMs]
 */
export async function leaseOf(store, key, owner = 'a', leaseMs = 10_000) {
  const answer = await store.acquire(key, owner, leaseMs)
  if (!('generation' in answer)) throw new Error(`no lease, but ${Object.keys(answer)}`)
  return answer.generation
}

/** A folder that goes with the process. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'northbound-store-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * A store in memory whose payloads are sealed, and what its backend kept.
 * @param {Sealing | null} [sealing] null for none
 */
export async function sealedMemory(sealing = aesGcm()) {
  const { tokenStore } = await importFile('northbound.js')
  const steps = await importFile('northbound.js')
  /** @type {Map<string, any>} */
  const records = new Map()
  /** @param {string} key @param {(record: any) => any} step */
  const apply = async (key, step) => {
    const { record, answer } = step(records.get(key))
    records.set(key, record)
    return answer
  }
  const backend = {
    read: (/** @type {string} */ key) => apply(key, (record) => steps.read(record, Date.now())),
    acquire: (
      /** @type {string} */ key,
      /** @type {string} */ owner,
      /** @type {number} */ leaseMs,
      /** @type {string} */ denied,
    ) => apply(key, (record) => steps.acquire(record, { owner, leaseMs, denied }, Date.now())),
    renew: (
      /** @type {string} */ key,
      /** @type {string} */ owner,
      /** @type {number} */ generation,
      /** @type {number} */ leaseMs,
    ) => apply(key, (record) => steps.renew(record, { owner, generation, leaseMs }, Date.now())),
    commit: (/** @type {string} */ key, /** @type {string} */ owner, /** @type {any} */ token) =>
      apply(key, (record) => steps.commit(record, { owner, token }, Date.now())),
    release: (
      /** @type {string} */ key,
      /** @type {string} */ owner,
      /** @type {number} */ generation,
    ) => apply(key, (record) => steps.release(record, { owner, generation }, Date.now())),
    take: (/** @type {string} */ key, /** @type {any} */ budget) =>
      apply(key, (record) => steps.take(record, budget, Date.now())),
  }
  return { store: /** @type {TokenStore} */ (tokenStore(backend, sealing)), records }
}
