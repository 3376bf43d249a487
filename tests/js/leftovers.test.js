// What a call leaves behind once it is over. What a scavenge does not take outlives the call until the engine searches
// all memory; with many calls under way that costs more than the calls.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { runModule } from './support/child.js'

/** Bytes that a call may move to where only a search of all memory finds them. */
const LEFT = 1500

test(`a call leaves less than ${LEFT} bytes to a search of all memory`, async () => {
  const { stdout } = await runModule(
    `
      import { getHeapSpaceStatistics } from 'node:v8'
      import { OnsMqttClient } from 'northbound'

      const bytes = new TextEncoder().encode(JSON.stringify({
        RequestId: 'r',
        DeviceCredential: {
          ClientId: 'GID_a@@@1', InstanceId: 'i', DeviceAccessKeyId: 'k', DeviceAccessKeySecret: 's',
          CreateTime: 1, UpdateTime: 1,
        },
      }))
      const fetch = async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return { status: 200, headers: { get: () => null }, arrayBuffer: async () => bytes.buffer }
      }
      const account = {
        endpoint: 'http://127.0.0.1:9',
        credentials: { accessKeyId: 'LTAI5tSIMULATORONLY0001', accessKeySecret: 'notReal' },
      }
      const client = new OnsMqttClient(account, { fetch, throttle: false })
      const device = { clientId: 'GID_a@@@1', instanceId: 'i' }
      const call = () => client.registerDeviceCredential(device)
      const run = async (count) => {
        const lane = async () => { while (count-- > 0) await call() }
        await Promise.all(Array.from({ length: 64 }, lane))
      }
      const old = () =>
        getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space').space_used_size
      await run(4000)
      gc()
      const before = old()
      await run(2000)
      gc({ type: 'minor' })
      gc({ type: 'minor' })
      console.log(JSON.stringify((old() - before) / 2000))`,
    { execArgv: ['--expose-gc'] },
  )
  const left = JSON.parse(stdout)
  assert.ok(left < LEFT, `${left} bytes`)
})
