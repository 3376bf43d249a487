// The texts of the catalogue stand in the code beside the wasm, which knows them by number only.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { ACCESS_KEY, CALLS } from './support/aliyun.js'
import { thrown } from './support/expect.js'
import { importPackage, installPackage } from './support/package.js'

const { NorthApiRequests, OnsMqttRequests, PlatformError, errorCatalogue } = await importPackage()
const folder = join(installPackage(), 'node_modules/northbound')

const ENTRIES = errorCatalogue()

/** FNV-1a. @param {string} text */
function digestOf(text) {
  let made = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) made = Math.imul(made ^ byte, 0x01000193)
  return made >>> 0
}

test('every entry has a meaning and a remedy', () => {
  assert.ok(ENTRIES.length > 100)
  for (const { code, meaning, remedy } of ENTRIES) assert.ok(meaning && remedy, code)
})

test('the wasm was built from the same table: it has the digest of the codes and texts, in one order', async () => {
  const wasm = await WebAssembly.compile(readFileSync(join(folder, 'northbound.wasm')))
  const sections = WebAssembly.Module.customSections(wasm, 'northbound-catalogue')
  const digests = sections.map((bytes) => new DataView(bytes).getUint32(0, true))
  const rows = ENTRIES.map(({ code, message, meaning, remedy }) => [code, message, meaning, remedy])
  const text = rows.map((row) => `${row.join('\n')}\n`).join('')
  assert.deepEqual(digests, [digestOf(text)])
  const [first = [], second = []] = rows
  assert.notDeepEqual(digests, [digestOf(text.replace(first.join('\n'), second.join('\n')))])
})

const north = new NorthApiRequests({ appId: 'a', secret: 's', baseUrl: 'https://p.example:8743' })
const mqtt = new OnsMqttRequests({ regionId: 'cn-hangzhou', credentials: ACCESS_KEY })
const device = { deviceId: 'dev-1' }
const token = { accessToken: 'token' }

/**
 * A request of every operation, by platform; the first stands for operations that are not ours.
 * @type {Record<string, Record<string, import('northbound').PreparedRequest<any>>>}
 */
const PREPARED = {
  'huawei-northbound': {
    refreshDeviceKey: north.refreshDeviceKey(device, token),
    getAuthToken: north.getAuthToken(),
    refreshAuthToken: north.refreshAuthToken({ refreshToken: 'token' }),
    regDirectDevice: north.regDirectDevice({ nodeId: 'n1' }, token),
    queryDeviceStatus: north.queryDeviceStatus(device, token),
    deleteDirectDevice: north.deleteDirectDevice(device, token),
  },
  'aliyun-onsmqtt': Object.fromEntries(
    Object.entries(CALLS).map(([name, call]) => [name, /** @type {any} */ (call)(mqtt)]),
  ),
}

/**
 * The refusal of an operation, as its request reads it.
 * @param {string} platform
 * @param {string} operation
 * @param {number} status
 * @param {string} code
 */
function refusal(platform, operation, status, code) {
  const body = { error_code: code, error_desc: 'x', Code: code, Message: 'x', RequestId: 'R-1' }
  const error = thrown(() => PREPARED[platform]?.[operation]?.decode(status, JSON.stringify(body)))
  assert.ok(error instanceof PlatformError, String(error))
  return error
}

describe('an error has the texts of its own entry:', () => {
  const seen = new Set()
  for (const [number, entry] of ENTRIES.entries()) {
    const { platform, status, code } = entry
    test(`${platform} ${number}: ${status} / ${code}`, () => {
      const [standIn = ''] = Object.keys(PREPARED[platform] ?? {})
      const operation = entry.operations.find((name) => PREPARED[platform]?.[name]) ?? standIn
      const error = refusal(platform, operation, status, code)
      // Of entries with one code and status that of the operation counts, then the first.
      const same = ENTRIES.filter(
        (each) => each.platform === platform && each.status === status && each.code === code,
      )
      const expected = same.find((each) => each.operations.includes(operation)) ?? same[0]
      assert.ok(expected)
      seen.add(expected)
      assert.equal(error.meaning, expected.meaning)
      assert.equal(error.remedy, expected.remedy)
      assert.equal(error.action, expected.action)
      const sentence = `[${status} / ${code}] ${expected.meaning} ${expected.remedy}`
      assert.equal(error.message, sentence)
    })
  }

  test('all but those behind another of the same status and code', () => {
    const missed = ENTRIES.filter((entry) => !seen.has(entry))
    for (const { platform, operations, status, code } of missed) {
      const twins = ENTRIES.filter((each) => each.status === status && each.code === code)
      const first = twins.find((each) => seen.has(each))
      assert.ok(first, `${platform} ${status} / ${code}`)
      const ours = operations.filter((name) => PREPARED[platform]?.[name])
      assert.deepEqual(
        ours.filter((name) => !first.operations.includes(name)),
        [],
      )
    }
    assert.equal(seen.size, ENTRIES.length - missed.length)
    assert.equal(missed.length, 5)
  })
})

test('a code that nobody documents has the general sentences', () => {
  for (const [platform, operation] of [
    ['huawei-northbound', 'refreshDeviceKey'],
    ['aliyun-onsmqtt', 'getDeviceCredential'],
  ]) {
    const error = refusal(platform ?? '', operation ?? '', 409, 'Brand.New')
    const meaning = 'The platform refused the call with a code that the catalogue does not hold.'
    const remedy = "Read the platform's description, and ask its operator about the code."
    assert.deepEqual([error.meaning, error.remedy], [meaning, remedy])
    assert.equal(error.message, `[409 / Brand.New] ${meaning} ${remedy}`)
  }
})
