// Every documented error of the second platform, as the simulator words it in JSON and in XML.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { ACCESS_KEY, ALIYUN_ROWS, CALLS, OPERATIONS, SIGNATURES } from './support/aliyun.js'
import { CATALOGUE, sorted } from './support/documented.js'
import { rejection } from './support/expect.js'
import { importPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'

const { NorthboundError, OnsMqttClient, PlatformError, errorCatalogue, isNorthboundError } =
  await importPackage()

/** What stands for `%s` in a code. */
const EXAMPLES = /** @type {Record<string, string>} */ ({
  'InvalidParameter.%s': 'InvalidParameter.ClientId',
  'Missing%s': 'MissingAction',
  'Throttling.%s': 'Throttling.Instance',
})

/** What may have been done although the answer is an error, so that nobody should simply do it again. */
const UNSURE = ['registerDeviceCredential', 'refreshDeviceCredential']

/** What one new signature mends is sent a second time, whatever the options for retries say. */
const MENDED = ['InvalidTimeStamp.Expired', 'SignatureNonceUsed']

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
before(async () => {
  sim = await startSimulator()
})
after(() => sim?.stop())

/** Codes that only some operations list, and so many have all. */
const ALL_OF_REGISTER = [
  'ApplyTokenOverFlow',
  'CheckAccountInfoFailed',
  'InstancePermissionCheckFailed',
  'ParameterCheckFailed',
  'PermissionCheckFailed',
  'InvalidParameter.%s',
  'DeviceCredentialNumExceed',
  'DeviceCredentialExsit',
  'DeviceCredentialNotFound',
  'ApiNotSupport',
  'InternalError',
  'SystemOverFlow',
]

test('the product documents twelve codes of registerDeviceCredential', () => {
  const rows = ALIYUN_ROWS.filter(
    ({ layer, operations }) =>
      layer === 'application' && operations.includes('registerDeviceCredential'),
  )
  assert.deepEqual(rows.map(({ code }) => code).sort(), ALL_OF_REGISTER.toSorted())
  assert.equal(rows.length, 12)
})

/**
 * @param {string} operation
 * @param {Record<string, unknown>} fault
 * @param {typeof SIGNATURES[number]} signature
 */
async function provoked(operation, fault, signature) {
  await sim.control('DELETE', '/faults')
  await sim.control('POST', '/faults', { operation, kind: 'error', times: -1, ...fault })
  /** @type {import('northbound').ClientEvent[]} */
  const events = []
  const client = new OnsMqttClient(
    { endpoint: sim.http, credentials: ACCESS_KEY, signature },
    { retry: false, throttle: false, onEvent: (event) => events.push(event) },
  )
  const call = CALLS[operation]
  assert.ok(call)
  const error = await rejection(call(client))
  client.free()
  await sim.control('DELETE', '/faults')
  return { error, events }
}

for (const operation of OPERATIONS) {
  describe(`a refusal of ${operation} arrives as a PlatformError:`, { concurrency: false }, () => {
    const rows = ALIYUN_ROWS.filter(({ operations }) => operations.includes(operation))
    rows.forEach(({ code: template, status, message, retryable, action }, index) => {
      const code = EXAMPLES[template] ?? template
      for (const format of ['json', 'xml']) {
        const signature = /** @type {typeof SIGNATURES[number]} */ (SIGNATURES[index % 2])
        test(`${status} / ${code} in ${format}, row ${index + 1}`, async () => {
          const waits = action === 'wait'
          const words = message || 'Nobody documents the words <of> this & that.'
          const { error, events } = await provoked(
            operation,
            { code, status, message: words, format, ...(waits ? { retryAfterMs: 1234 } : {}) },
            signature,
          )
          assert.ok(error instanceof PlatformError)
          assert.ok(error instanceof NorthboundError)
          assert.ok(isNorthboundError(error))
          assert.equal(error.name, 'PlatformError')
          assert.equal(error.kind, 'platform')
          assert.equal(error.operation, operation)
          assert.equal(error.status, status)
          assert.equal(error.code, code)
          assert.equal(error.description, words)
          // The two wordings of one code mean the same.
          const same = rows.filter((row) => row.code === template && row.status === status)
          assert.ok(
            same.some(({ meaning }) => meaning === error.meaning),
            error.meaning,
          )
          assert.ok(
            same.some(({ remedy }) => remedy === error.remedy),
            error.remedy,
          )
          assert.equal(error.action, action)
          const lost = status >= 500 || code === 'SignatureNonceUsed'
          const unsure = lost && UNSURE.includes(operation)
          assert.equal(error.retryable, retryable && !unsure)
          const answers = events.filter((event) => event.type === 'response')
          assert.match(String(error.requestId), /^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/)
          const own = answers.filter((event) => event.operation === operation)
          assert.equal(error.requestId, own.at(-1)?.requestId)
          assert.equal(error.retryAfterMs, waits ? 1234 : undefined)
          assert.equal(error.attempts, MENDED.includes(code) ? 2 : 1)
          assert.equal(error.cause, undefined)
          const sentence = `[${status} / ${code}] ${error.meaning} ${error.remedy}`
          if (unsure) {
            assert.ok(error.message.startsWith(sentence))
            assert.match(error.message, /getDeviceCredential/)
          } else assert.equal(error.message, sentence)
          assert.equal(events.filter(({ type }) => type === 'retry').length, 0)
        })
      }
    })

    test('a code that nobody documents, in JSON and in XML', async () => {
      for (const format of ['json', 'xml']) {
        const fault = { code: 'Brand.New', status: 409, message: 'It is new.', format }
        const { error } = await provoked(operation, fault, 'ACS3-HMAC-SHA256')
        assert.ok(error instanceof PlatformError)
        const { status, code, description, action, retryable } = error
        assert.deepEqual(
          [status, code, description, action, retryable],
          [409, 'Brand.New', 'It is new.', 'contact-platform', false],
        )
        assert.match(error.meaning, /^[A-Z].+\.$/)
        assert.match(error.remedy, /^[A-Z].+\.$/)
      }
    })
  })
}

test('the catalogue is that of both platforms together', () => {
  const entries = errorCatalogue()
  const of = (/** @type {string} */ platform) =>
    entries.filter((entry) => entry.platform === platform).length
  assert.deepEqual([of('huawei-northbound'), of('aliyun-onsmqtt')], [87, 34])
  assert.equal(entries.length, 87 + 34)
  assert.deepEqual(sorted(entries), CATALOGUE)
})
