/**
 * What a token store keeps under one key, and every step that it may take, as pure functions of one
 * plain JSON record: `(record, arguments, now) => { record, answer }`. Memory, file and IndexedDB
 * put them into a lock or a transaction of their own.
 *
 * - Times in a record are wall-clock milliseconds of one machine, always a stamp (`since`) and a
 *   duration (`life`). Every mark ends by itself; no clean-up decides anything.
 * - A stamp from the future counts as ended, since the clock was set back: nobody knows how long ago
 *   it was made. Processes of one machine may disagree by a moment, though (engines round and
 *   interpolate), so up to `SKEW_MS` counts as now.
 * - A record that these functions did not write counts as empty.
 */

/**
 * @typedef {{ payload: string, lifeMs: number, refreshLifeMs: number, generation: number }} StoredToken
 * @typedef {StoredToken | { generation: number } | { retryAfterMs: number }} Acquired
 * @typedef {{
 *   version: 1
 *   generation: number
 *   owner?: string
 *   lease?: { since: number, life: number }
 *   token?: { payload: string, since: number, life: number, refreshLife: number, generation: number }
 *   calls?: number[]
 * }} TokenRecord `generation`: the last that was given out, 0 for none; `owner`: to whom
 */

/** How far clocks of processes of one machine may be apart. */
const SKEW_MS = 1000

/** The longest that anybody waits before asking again. */
const POLL_MS = 50

/**
 * @param {unknown} stored
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: StoredToken | undefined }}
 */
export function read(stored, now) {
  const record = living(stored, now)
  return { record, answer: tokenOf(record, now) }
}

/**
 * The stored token, unless its payload is `denied`; else the right to log in, which is a new
 * generation, unless another one has it; else how long to wait.
 *
 * @param {unknown} stored
 * @param {{ owner: string, leaseMs: number, denied?: string | undefined }} asked
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: Acquired }}
 */
export function acquire(stored, { owner, leaseMs, denied }, now) {
  const record = living(stored, now)
  const token = tokenOf(record, now)
  if (token && token.payload !== denied) return { record, answer: token }
  if (record.lease && record.owner !== owner) {
    const left = record.lease.since + record.lease.life - now
    return { record, answer: { retryAfterMs: Math.max(1, Math.min(left, POLL_MS)) } }
  }
  const generation = record.generation + 1
  const lease = { since: now, life: leaseMs }
  return { record: { ...record, generation, owner, lease }, answer: { generation } }
}

/**
 * @param {unknown} stored
 * @param {{ owner: string, generation: number, leaseMs: number }} asked
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: boolean }} false: the lease has ended or is another's
 */
export function renew(stored, { owner, generation, leaseMs }, now) {
  const record = living(stored, now)
  if (!isHolder(record, owner, generation)) return { record, answer: false }
  return { record: { ...record, lease: { since: now, life: leaseMs } }, answer: true }
}

/**
 * Stores a token and ends the lease. The generation is the fence: whoever was given the last one may
 * store, also after the end of the lease; everybody else is late. A record that knows of no
 * generation was lost since, and takes what comes.
 *
 * @param {unknown} stored
 * @param {{ owner: string, token: StoredToken }} asked
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: boolean }}
 */
export function commit(stored, { owner, token }, now) {
  const record = living(stored, now)
  const known = record.generation > 0
  if (known && (record.generation !== token.generation || record.owner !== owner)) {
    return { record, answer: false }
  }
  const { lease, ...rest } = record
  const { payload, lifeMs: life, refreshLifeMs: refreshLife, generation } = token
  const kept = { payload, since: now, life, refreshLife, generation }
  return { record: { ...rest, generation, owner, token: kept }, answer: true }
}

/**
 * @param {unknown} stored
 * @param {{ owner: string, generation: number }} asked
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: undefined }}
 */
export function release(stored, { owner, generation }, now) {
  const record = living(stored, now)
  if (!isHolder(record, owner, generation)) return { record, answer: undefined }
  const { lease, ...rest } = record
  return { record: rest, answer: undefined }
}

/**
 * A sliding log: 0, and the call is logged, or the milliseconds until the oldest of the last `calls`
 * stamps is `perMs + slackMs` old. Here a stamp from the future counts as now and not as ended, and
 * is kept so: after a clock that was set back there is one long wait instead of too many calls.
 *
 * @param {unknown} stored
 * @param {{ calls: number, perMs: number, slackMs: number }} budget
 * @param {number} now
 * @returns {{ record: TokenRecord, answer: number }}
 */
export function take(stored, { calls, perMs, slackMs }, now) {
  const span = perMs + slackMs
  const { calls: logged = [], ...record } = living(stored, now)
  const stamps = logged
    .map((stamp) => Math.min(stamp, now))
    .filter((stamp) => now - stamp < span)
    .sort((a, b) => a - b)
  if (stamps.length < calls) return { record: { ...record, calls: [...stamps, now] }, answer: 0 }
  const oldest = stamps[stamps.length - calls] ?? now
  return { record: { ...record, calls: stamps }, answer: Math.max(1, oldest + span - now) }
}

/**
 * The record without what has ended; an empty one for anything else.
 *
 * @param {unknown} stored
 * @param {number} now
 * @returns {TokenRecord}
 */
function living(stored, now) {
  if (!isRecord(stored)) return { version: 1, generation: 0 }
  const { version, generation, owner, lease, token, calls } = stored
  return {
    version,
    generation,
    ...(owner === undefined ? {} : { owner }),
    ...(lease && lives(lease, now) ? { lease } : {}),
    ...(token && lives(token, now) ? { token } : {}),
    ...(calls ? { calls } : {}),
  }
}

/**
 * @param {{ since: number, life: number }} mark
 * @param {number} now
 */
const lives = ({ since, life }, now) => since - now <= SKEW_MS && now < since + life

/**
 * @param {TokenRecord} record
 * @param {number} now
 * @returns {StoredToken | undefined}
 */
function tokenOf({ token }, now) {
  if (!token) return undefined
  const age = Math.max(0, now - token.since)
  return {
    payload: token.payload,
    lifeMs: token.life - age,
    refreshLifeMs: Math.max(0, token.refreshLife - age),
    generation: token.generation,
  }
}

/**
 * @param {TokenRecord} record
 * @param {string} owner
 * @param {number} generation
 */
const isHolder = (record, owner, generation) =>
  record.lease !== undefined && record.owner === owner && record.generation === generation

/**
 * @param {any} value
 * @returns {value is TokenRecord}
 */
function isRecord(value) {
  if (value?.version !== 1 || !isCount(value.generation)) return false
  const { owner, lease, token, calls } = value
  if (owner !== undefined && typeof owner !== 'string') return false
  if (lease !== undefined && !(owner !== undefined && isMark(lease))) return false
  if (calls !== undefined && !(Array.isArray(calls) && calls.every(isCount))) return false
  return (
    token === undefined ||
    (isMark(token) &&
      typeof token.payload === 'string' &&
      isCount(token.refreshLife) &&
      isCount(token.generation))
  )
}

/** @param {any} mark */
const isMark = (mark) => isCount(mark?.since) && isCount(mark.life)

/** @param {unknown} value */
const isCount = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0
