// The documented errors of getAuthToken and refreshDeviceKey as the simulator is ordered to send
// them, and what has to arrive: one table for Node and Chromium.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

/**
 * @typedef {{
 *   platform: string
 *   operations: string[]
 *   status: number
 *   code: string
 *   message: string
 *   meaning: string
 *   remedy: string
 *   action: string
 *   retryable: boolean
 * }} Row
 *
 * @typedef {'getAuthToken' | 'refreshDeviceKey'} Operation
 *
 * @typedef {{ operation: Operation, fault: Record<string, unknown> }} Order
 *   what the page is told
 *
 * @typedef {Order & {
 *   name: string
 *   status: number
 *   code: string
 *   row: Row | undefined
 * }} Case
 *
 * @typedef {{
 *   error: Record<string, any>
 *   ownMembers: string[]
 *   classes: Record<string, boolean>
 *   sent: string[]
 * }} Seen
 */

/**
 * The documented errors of a platform.
 * @param {string} platform
 * @returns {Row[]}
 */
function rowsOf(platform) {
  const file = new URL(`../../vectors/catalogue/${platform}-errors.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8'))
}

export const ROWS = rowsOf('huawei')

/** The rows of both platforms, each as `errorCatalogue()` shows it, in an order of their own. */
export const CATALOGUE = sorted(
  [...ROWS, ...rowsOf('aliyun')].map(
    ({ platform, operations, status, code, message, meaning, remedy, action, retryable }) => ({
      platform,
      operations,
      status,
      code,
      message,
      meaning,
      remedy,
      action,
      retryable,
    }),
  ),
)

/**
 * Entries in one order, and the operations of each in one order too.
 * @template {{ operations: readonly string[] }} T
 * @param {readonly T[]} entries
 */
export function sorted(entries) {
  const key = (/** @type {T} */ entry) => JSON.stringify(entry)
  return entries
    .map((entry) => ({ ...entry, operations: entry.operations.toSorted() }))
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** @type {Record<Operation, Record<number, string[]>>} */
const DOCUMENTED = {
  refreshDeviceKey: {
    200: ['100217'],
    400: ['100003', '100007', '100426', '100610', '100611', '50400'],
    401: ['100025'],
    403: ['100203', '100217', '1010009', '1010005'],
    404: ['100403', '100418'],
    500: ['100203', '50252'],
  },
  getAuthToken: { 400: ['100449', '102202'], 401: ['100208'], 500: ['50252'] },
}

/** The only codes that the platform words in its gateway's dialect. */
const GATEWAY = ['1010005', '1010009']

/** @type {Record<Operation, string>} */
const SIMULATED = { getAuthToken: 'login', refreshDeviceKey: 'refreshDeviceKey' }

const TOKEN_REFUSED = '1010005'

/** What to do where the platform refuses a token that was issued a moment ago. */
export const REFUSED_IN_SPITE_OF_A_LOGIN =
  'Another system logs in with this appId and ends the token each time: find it, and let all of ' +
  'them share one token store.'

/**
 * @param {Operation} operation
 * @param {number} status
 * @param {string} code
 */
function rowOf(operation, status, code) {
  const rows = ROWS.filter(
    (row) => row.operations.includes(operation) && row.status === status && row.code === code,
  )
  assert.equal(rows.length, 1, `${operation} ${status} ${code} has one row`)
  return rows[0]
}

/** @type {Pick<Case, 'operation' | 'status' | 'code'>[]} */
const PAIRS = Object.entries(DOCUMENTED).flatMap(([operation, statuses]) =>
  Object.entries(statuses).flatMap(([status, codes]) =>
    codes.map((code) => ({
      operation: /** @type {Operation} */ (operation),
      status: Number(status),
      code,
    })),
  ),
)
assert.equal(PAIRS.length, 20)

const MESSAGE = 'Nobody documents this.'

/** @type {Case[]} */
export const CASES = [
  ...PAIRS.flatMap((pair) =>
    ['application', 'gateway'].map((dialect) => {
      const { operation, status, code } = pair
      const usual = (dialect === 'gateway') === GATEWAY.includes(code) ? '' : ', which is not usual'
      const row = rowOf(operation, status, code)
      return {
        ...pair,
        row,
        name: `${operation} ${status} / ${code} in the ${dialect} dialect${usual}`,
        fault: { kind: 'error', status, code, dialect, message: row?.message },
      }
    }),
  ),
  ...PAIRS.map((pair) => {
    const { operation, status, code } = pair
    return {
      ...pair,
      row: rowOf(operation, status, code),
      name: `${operation} ${status} / ${code} with the code as a number`,
      fault: { kind: 'numericCode', code: Number(code), status },
    }
  }),
  ...['application', 'gateway'].map((dialect) => ({
    name: `a code that nobody documents, in the ${dialect} dialect`,
    operation: /** @type {const} */ ('refreshDeviceKey'),
    status: 409,
    code: 'SVCSTG.0001',
    row: undefined,
    fault: { kind: 'error', status: 409, code: 'SVCSTG.0001', dialect, message: MESSAGE },
  })),
].map((each) => ({
  ...each,
  fault: { ...each.fault, operation: SIMULATED[each.operation], times: -1 },
}))

/**
 * Makes the calls and tells what came of them. Runs in Node and, by its text alone, in a page.
 *
 * @param {string} source the entry to import
 * @param {string} baseUrl the simulator
 * @param {{ appId: string, secret: string }} app
 * @param {Order[]} orders
 * @returns {Promise<Seen[]>}
 */
export async function provoke(source, baseUrl, app, orders) {
  const northbound = await import(source)
  await northbound.init()
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const control = async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(`${baseUrl}/_sim${path}`, { method, ...content })
    return answer.json()
  }
  const seen = []
  for (const { operation, fault } of orders) {
    await control('DELETE', '/faults')
    await control('DELETE', '/journal')
    await control('POST', '/faults', fault)
    const options = { retry: false, throttle: false }
    const client = new northbound.NorthApiClient({ ...app, baseUrl }, options)
    const input = { deviceId: 'dev-1' }
    const call = operation === 'getAuthToken' ? client[operation]() : client[operation](input)
    const error = await call.then(
      () => new Error('it was no error'),
      (/** @type {unknown} */ reason) => reason,
    )
    client.free()
    const { calls } = await control('GET', '/journal')
    const { name, message, stack, kind, status, code, description, meaning, remedy, action } = error
    const members = { name, message, kind, status, code, description, meaning, remedy, action }
    const { retryable, attempts, cause, requestId, retryAfterMs } = error
    seen.push({
      error: {
        ...members,
        ...{ retryable, attempts, cause, requestId, retryAfterMs },
        operation: error.operation,
        headline: stack?.split('\n')[0] ?? '',
        asText: String(error),
      },
      ownMembers: Object.keys(error).sort(),
      classes: {
        PlatformError: error instanceof northbound.PlatformError,
        NorthboundError: error instanceof northbound.NorthboundError,
        Error: error instanceof Error,
        DecodeError: error instanceof northbound.DecodeError,
        isNorthboundError: northbound.isNorthboundError(error),
      },
      sent: calls.map((/** @type {{ operation: string }} */ made) => made.operation),
    })
  }
  await control('DELETE', '/faults')
  return seen
}

/**
 * Compares what arrived with what is documented.
 *
 * @param {Case} expected
 * @param {Seen | undefined} seen
 */
export function check(expected, seen) {
  assert.ok(seen, 'the call was made')
  const { operation, status, code, row, fault } = expected
  const { error } = seen
  const healed = operation === 'refreshDeviceKey' && code === TOKEN_REFUSED
  assert.equal(error.name, 'PlatformError')
  assert.deepEqual(seen.classes, {
    PlatformError: true,
    NorthboundError: true,
    Error: true,
    DecodeError: false,
    isNorthboundError: true,
  })
  assert.equal(error.kind, 'platform')
  assert.equal(error.operation, operation)
  assert.equal(error.status, status)
  assert.equal(error.code, code)
  // Where the order says nothing, the simulator words an error as the platform does.
  assert.equal(error.description, fault.message ?? row?.message)
  if (row === undefined) {
    assert.match(error.meaning, /^[A-Z].+\.$/)
    assert.match(error.remedy, /^[A-Z].+\.$/)
    assert.equal(error.action, 'contact-platform')
    assert.equal(error.retryable, false)
  } else {
    assert.equal(error.meaning, row.meaning)
    assert.equal(error.remedy, healed ? REFUSED_IN_SPITE_OF_A_LOGIN : row.remedy)
    assert.equal(error.action, row.action)
    assert.equal(error.retryable, row.retryable)
  }
  assert.equal(error.message, `[${status} / ${code}] ${error.meaning} ${error.remedy}`)
  assert.equal(error.asText, `PlatformError: ${error.message}`)
  assert.equal(error.attempts, healed ? 2 : 1)
  assert.equal(error.cause, undefined)
  assert.equal(error.requestId, undefined)
  assert.equal(error.retryAfterMs, undefined)
  const members = 'action attempts code description kind meaning operation remedy retryable status'
  assert.deepEqual(seen.ownMembers, members.split(' '))
  const calls = operation === 'getAuthToken' ? ['login'] : ['login', 'refreshDeviceKey']
  assert.deepEqual(seen.sent, healed ? [...calls, ...calls] : calls)
}
