// Every documented error of getAuthToken and refreshDeviceKey in Node; chromium.test.js has the same.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { CASES, CATALOGUE, check, provoke, sorted } from './support/documented.js'
import { rejection } from './support/expect.js'
import { importPackage, installPackage } from './support/package.js'
import { APP, startSimulator } from './support/simulator.js'

const { NorthApiClient, PlatformError, errorCatalogue } = await importPackage()

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim

before(async () => {
  sim = await startSimulator({ args: ['--limit', 'off'] })
})
after(() => sim?.stop())

describe('a refusal of the platform arrives as a PlatformError with all its members:', () => {
  /** @type {import('./support/documented.js').Seen[]} */
  let seen = []
  before(async () => {
    const entry = path.join(installPackage(), 'node_modules/northbound/node.js')
    const orders = CASES.map(({ operation, fault }) => ({ operation, fault }))
    seen = await provoke(pathToFileURL(entry).href, sim.http, APP, orders)
  })
  CASES.forEach((expected, index) => test(expected.name, () => check(expected, seen[index])))
})

test('the catalogue is the documented one, row by row', () => {
  assert.deepEqual(sorted(errorCatalogue()), CATALOGUE)
})

test('a changed copy of the catalogue changes nothing', () => {
  const first = /** @type {any[]} */ (errorCatalogue().slice())
  first[0].meaning = 'changed'
  assert.deepEqual(sorted(errorCatalogue()), CATALOGUE)
})

describe('the simulator’s own refusals, provoked and not ordered,', () => {
  const client = () =>
    new NorthApiClient({ ...APP, baseUrl: sim.http }, { retry: false, throttle: false })
  /** @type {[string, string, (client: import('northbound').NorthApiClient) => Promise<unknown>, [number, string, string]][]} */
  const provoked = [
    [
      'an online device',
      'online',
      (client) => client.refreshDeviceKey({ deviceId: 'own-online' }),
      [400, '100611', 'take-device-offline'],
    ],
    [
      'a device that never connected',
      'inactive',
      (client) => client.refreshDeviceKey({ deviceId: 'own-inactive' }),
      [400, '100610', 'activate-device'],
    ],
    [
      'a nodeId of another device',
      'offline',
      (client) => client.refreshDeviceKey({ deviceId: 'own-offline', nodeId: 'n-online' }),
      [400, '100426', 'fix-input'],
    ],
    [
      'an unknown device',
      'offline',
      (client) => client.refreshDeviceKey({ deviceId: 'nobody' }),
      [404, '100403', 'fix-input'],
    ],
    [
      'an unknown device to delete',
      'offline',
      (client) => client.deleteDirectDevice({ deviceId: 'nobody' }),
      [404, '100418', 'fix-input'],
    ],
  ]
  before(async () => {
    for (const state of ['online', 'inactive', 'offline']) {
      await sim.control('POST', '/devices', {
        state,
        deviceId: `own-${state}`,
        nodeId: `n-${state}`,
      })
    }
  })
  for (const [what, , call, [status, code, action]] of provoked) {
    test(`${what} gives ${status} / ${code}`, async () => {
      const error = await rejection(call(client()))
      assert.ok(error instanceof PlatformError)
      assert.deepEqual([error.status, error.code, error.action], [status, code, action])
    })
  }
})
