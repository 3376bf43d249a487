// Before anything is measured: everybody's request is one that the platform would accept, and everybody reads the
// answer. Who does less than it must is no peer.

import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'

import { verified } from '../tests/js/support/aliyun-verify.js'
import { CALLERS } from './callers.js'
import * as best from './peers/by-hand-best.js'
import * as common from './peers/by-hand-common.js'
import * as ordinary from './peers/by-hand.js'
import { PAIR, builder as huawei } from './peers/huaweicloud-core.js'
import { builder } from './peers/northbound.js'
import * as sdk from './peers/openapi-core.js'
import { acs3 as webCrypto } from './peers/web-crypto.js'
import { ACTION, ANSWER, DEVICE, KEY, REFUSAL, VERSION } from './subject.js'

/** @typedef {import('./subject.js').Wire} Wire */

const ENDPOINT = 'http://127.0.0.1:8080'

/** Who builds requests without I/O; two of each, since no two may have the same nonce. */
const BUILDERS = {
  northbound: builder(ENDPOINT),
  'northbound, RPC': builder(ENDPOINT, 'HMAC-SHA1'),
  'by hand, best': best.acs3(ENDPOINT),
  'by hand, best, RPC': best.rpc(ENDPOINT),
  'by hand, ordinary': ordinary.acs3(ENDPOINT),
  'by hand, ordinary, RPC': ordinary.rpc(ENDPOINT),
  'SDK, signing alone': asSent(sdk.signing(ENDPOINT)),
  'by hand, WebCrypto': await webCrypto(ENDPOINT),
}

/** Throws where anybody is wrong, and says who. */
export async function checkPeers() {
  for (const [who, build] of Object.entries(BUILDERS)) {
    await named(who, async () => {
      const seen = [accepted(await build()), accepted(await build())]
      assert.notEqual(seen[0], seen[1], 'no two requests have the same nonce')
    })
  }
  await named("Huawei's SDK", async () => assertHuawei(await huawei(ENDPOINT)()))
  for (const decode of [common.decode, sdk.decode, builder(ENDPOINT)().decode]) {
    assert.deepEqual(plain(decode(200, ANSWER)), EXPECTED)
    assert.throws(() => decode(400, REFUSAL), { code: 'DeviceCredentialExsit' })
  }
  await checkCalls()
}

/** What everybody makes of the answer. */
const EXPECTED = plain(common.decode(200, ANSWER))

/** Every caller makes one call, which has to arrive signed, and returns what was answered. */
async function checkCalls() {
  /** @type {Wire[]} */
  const arrived = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const { host, ...headers } = /** @type {Record<string, string>} */ (request.headers)
    arrived.push({
      method: request.method ?? '',
      url: `http://${host}${request.url}`,
      headers,
      body,
    })
    response.setHeader('content-type', 'application/json').end(ANSWER)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  try {
    for (const [who, { call, bare }] of Object.entries(CALLERS)) {
      await named(who, async () => {
        const result = await (await call(`http://127.0.0.1:${port}`))()
        const [request, ...more] = arrived.splice(0)
        assert.ok(request && more.length === 0, 'one request arrived')
        // The global fetch adds it: so it is plain who sends by what.
        const fetched = request.headers['sec-fetch-mode'] !== undefined
        assert.equal(fetched, who.includes('fetch'), 'it is sent by what its name says')
        if (bare) return
        accepted(request)
        // One of the SDKs leaves the answer as it came.
        const made = plain(result)
        assert.deepEqual('RequestId' in made ? plain(common.decode(200, JSON.stringify(made))) : made, EXPECTED) // prettier-ignore
      })
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Throws where the platform would refuse. @param {Wire} wire @returns {string} its nonce */
export function accepted({ headers: { host: _, ...headers }, ...wire }) {
  const seen = verified({ ...wire, headers }, (id) =>
    id === KEY.accessKeyId ? { secret: KEY.accessKeySecret } : undefined,
  )
  const { clientId, instanceId } = DEVICE
  const wanted = { Action: ACTION, Version: VERSION, ClientId: clientId, InstanceId: instanceId }
  assert.deepEqual(seen.parameters, wanted)
  assert.ok(Math.abs(Date.parse(seen.date) - Date.now()) < 60_000, 'its date is now')
  return seen.nonce
}

/** What the SDK makes of its request when it sends it. @param {() => any} sign */
function asSent(sign) {
  return () => {
    const { method, query, headers } = sign()
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
    return {
      method,
      url: `${ENDPOINT}/?${new URLSearchParams(query)}`,
      headers: Object.fromEntries(lower),
    }
  }
}

/** SDK-HMAC-SHA256, by its reference. @param {any} request */
function assertHuawei({ method, endpoint, headers, data }) {
  const sha256 = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex')
  const [, list = '', signature] =
    /^SDK-HMAC-SHA256 Access=\w+, SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.Authorization,
    ) ?? []
  const received = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const lines = list.split(';').map((name) => `${name}:${received[name]}\n`)
  const path = `${new URL(endpoint).pathname}/`
  const body = sha256(JSON.stringify(data))
  const text = [method, path, '', lines.join(''), list, body].join('\n')
  const signed = ['SDK-HMAC-SHA256', received['x-sdk-date'], sha256(text)].join('\n')
  assert.equal(signature, createHmac('sha256', PAIR.sk).update(signed).digest('hex'))
}

/** Without classes, so that only members count. @param {unknown} value @returns {any} */
function plain(value) {
  return JSON.parse(JSON.stringify(value))
}

/** @param {string} who @param {() => Promise<void>} run */
async function named(who, run) {
  await run().catch((cause) => {
    throw new Error(`${who} does not do what it must: ${cause.message}`, { cause })
  })
}
