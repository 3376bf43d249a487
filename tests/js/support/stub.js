// A platform in this process: a fetch that answers every operation at once.

/** Where clients of the tests believe the platform to be. */
export const ADDRESS = { platformIp: 'platform.example', platformPort: 8743 }

/** What the stub answers, by operation. */
export const ANSWERS = {
  getAuthToken: {
    scope: 'default',
    tokenType: 'bearer',
    expiresIn: 3600,
    accessToken: 'stub-access-token',
    refreshToken: 'stub-refresh-token',
  },
  refreshDeviceKey: { verifyCode: 'stub-verify-code', timeout: 180 },
  regDirectDevice: { deviceId: 'device-1', verifyCode: 'stub-verify-code', timeout: 180 },
  queryDeviceStatus: { deviceId: 'device-1', activated: true, name: null },
}

/**
 * An answer as small as `ResponseLike` allows.
 * @param {number} status
 * @param {unknown} [body] sent as JSON, or as it is where it is text
 * @returns {import('northbound').ResponseLike}
 */
export function reply(status, body) {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  return {
    status,
    headers: { get: () => null },
    arrayBuffer: async () => /** @type {ArrayBuffer} */ (new TextEncoder().encode(text).buffer),
  }
}

/**
 * The name of the operation that a request belongs to.
 * @param {string} url
 * @param {{ method: string }} init
 */
export function operationOf(url, { method }) {
  const { pathname } = new URL(url)
  if (pathname.endsWith('/login')) return 'getAuthToken'
  if (pathname.endsWith('/refreshToken')) return 'refreshAuthToken'
  if (method === 'POST') return 'regDirectDevice'
  if (method === 'PUT') return 'refreshDeviceKey'
  return method === 'GET' ? 'queryDeviceStatus' : 'deleteDirectDevice'
}

/**
 * A fetch that answers from `ANSWERS` and keeps what it was asked.
 * @param {Record<string, unknown>} [answers] other answers for some operations
 */
export function stubPlatform(answers = {}) {
  const known = { ...ANSWERS, refreshAuthToken: ANSWERS.getAuthToken, ...answers }
  /** @type {{ operation: string, url: string, init: import('northbound').SendInit }[]} */
  const sent = []
  /** @type {import('northbound').FetchLike} */
  const fetch = async (url, init) => {
    const operation = operationOf(url, init)
    sent.push({ operation, url, init })
    if (operation === 'deleteDirectDevice') return reply(204)
    return reply(200, known[/** @type {keyof typeof known} */ (operation)])
  }
  return { fetch, sent }
}
