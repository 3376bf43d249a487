// The work of a client without any network: building and signing, reading answers, and a whole call whose HTTP
// is a stub. All of one group take turns in this process.

import { given, interleaved, stopwatch, tell } from '../measure.js'
import { ANSWER, APP, KEY_INPUT, REFUSAL, TOKEN, stubbedFetch } from '../subject.js'
import * as best from '../peers/by-hand-best.js'
import * as common from '../peers/by-hand-common.js'
import * as ordinary from '../peers/by-hand.js'
import { builder as huawei } from '../peers/huaweicloud-core.js'
import { builder, northbound, throttledCaller } from '../peers/northbound.js'
import * as sdk from '../peers/openapi-core.js'
import { caller as popCore } from '../peers/pop-core.js'
import { calling } from '../peers/send-fetch.js'
import { stubHttpx } from '../peers/stub-httpx.js'
import { acs3 as webCrypto } from '../peers/web-crypto.js'

/** @typedef {{ run: () => unknown, async?: boolean }} Subject */

const ENDPOINT = 'http://127.0.0.1:8080'

/** @type {Record<string, () => Promise<Record<string, Subject>>>} */
const GROUPS = {
  acs3: async () => ({
    northbound: { run: builder(ENDPOINT) },
    'by hand, best': { run: best.acs3(ENDPOINT) },
    'by hand, ordinary': { run: ordinary.acs3(ENDPOINT) },
    'SDK, signing alone': { run: sdk.signing(ENDPOINT) },
    'by hand, WebCrypto': { run: await webCrypto(ENDPOINT), async: true },
  }),

  rpc: async () => ({
    northbound: { run: builder(ENDPOINT, 'HMAC-SHA1') },
    'by hand, best': { run: best.rpc(ENDPOINT) },
    'by hand, ordinary': { run: ordinary.rpc(ENDPOINT) },
  }),

  key: async () => ({
    northbound: { run: northKey() },
    'by hand': { run: keyByHand },
    "Huawei's SDK, SDK-HMAC-SHA256": { run: huawei(ENDPOINT), async: true },
  }),

  success: async () => {
    const { decode } = builder(ENDPOINT)()
    return {
      northbound: { run: () => decode(200, ANSWER) },
      'by hand': { run: () => common.decode(200, ANSWER) },
      SDK: { run: () => sdk.decode(200, ANSWER) },
    }
  },

  refusal: async () => {
    const { decode } = builder(ENDPOINT)()
    return {
      northbound: { run: thrown(() => decode(400, REFUSAL)) },
      'by hand': { run: thrown(() => common.decode(400, REFUSAL)) },
      SDK: { run: thrown(() => sdk.decode(400, REFUSAL)) },
    }
  },

  stubbed: async () => {
    stubHttpx()
    return {
      northbound: { run: throttledCaller(ENDPOINT, stubbedFetch), async: true },
      'by hand, best': { run: calling(best.acs3(ENDPOINT), stubbedFetch), async: true },
      'by hand, ordinary': { run: calling(ordinary.acs3(ENDPOINT), stubbedFetch), async: true },
      SDK: { run: sdk.caller(ENDPOINT), async: true },
      'pop-core (RPC)': { run: popCore(ENDPOINT), async: true },
    }
  },
}

const { group, rounds, batchMs, warmMs } = given()
const subjects = await GROUPS[group]?.()
if (subjects === undefined) throw new Error(`there is no group ${group}`)
/** @type {Record<string, () => Promise<number>>} */
const takes = {}
for (const [name, subject] of Object.entries(subjects))
  takes[name] = await stopwatch(subject, { batchMs, warmMs })
tell(await interleaved(takes, rounds))

function northKey() {
  const requests = new northbound.NorthApiRequests({ ...APP, baseUrl: ENDPOINT })
  return () => requests.refreshDeviceKey(KEY_INPUT, { accessToken: TOKEN })
}

/** No signature: a token, a path, a body. */
function keyByHand() {
  const { deviceId, ...body } = KEY_INPUT
  const path = `/iocm/app/reg/v1.1.0/deviceCredentials/${encodeURIComponent(deviceId)}`
  const headers = {
    app_key: APP.appId,
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
  }
  return { method: 'PUT', url: ENDPOINT + path, headers, body: JSON.stringify(body) }
}

/** @param {() => unknown} run @returns {() => unknown} */
function thrown(run) {
  return () => {
    try {
      run()
    } catch (error) {
      return error
    }
    throw new Error('the refusal was no error')
  }
}
