// A tab with a client of its own, as a user would write it. The package is served beside this folder.

/** Where the package is served; not the folder of the sources, so no checker can follow it. */
const PACKAGE = new URL('/northbound/browser.js', import.meta.url).href

/**
 * @typedef {object} Opening
 * @property {string} baseUrl
 * @property {{ appId: string, secret: string }} app
 * @property {string} [store] name of the database; none: the client is on its own
 * @property {boolean} [allowInsecureHttp]
 */

/** @type {import('northbound').NorthApiClient} */
let client
/** @type {import('northbound').ClientEvent[]} */
const events = []
/** How often the store was asked for the right to log in. */
let questions = 0

const tab = {
  events,

  /** @param {Opening} opening */
  async open({ baseUrl, app, store, allowInsecureHttp = false }) {
    const { NorthApiClient, init, webTokenStore } = await import(PACKAGE)
    await init()
    const sharing =
      store === undefined ? {} : { tokenStore: counting(webTokenStore({ name: store })) }
    client = new NorthApiClient(
      { ...app, baseUrl },
      {
        ...{ throttle: false, retry: false, allowInsecureHttp },
        ...sharing,
        onEvent: (/** @type {import('northbound').ClientEvent} */ event) => events.push(event),
      },
    )
  },

  /**
   * @param {number} calls all at once
   * @returns {Promise<string[]>} what came of each
   */
  call: (calls) =>
    Promise.all(
      Array.from({ length: calls }, () =>
        client.queryDeviceStatus({ deviceId: 'dev-1' }).then(
          ({ deviceId }) => deviceId,
          (error) => `${error?.name} ${error?.code ?? error?.message}`,
        ),
      ),
    ),

  /** @returns {Promise<number>} how often the store was asked for the right to log in */
  questions: async () => questions,

  /** @returns {Promise<string>} the new token */
  force: async () => (await client.getAuthToken({ force: true })).accessToken,

  /** @returns {Promise<string>} */
  token: async () => (await client.getAuthToken()).accessToken,
}

/** @param {import('northbound').TokenStore} store @returns {import('northbound').TokenStore} */
const counting = (store) => ({
  ...store,
  acquire(...args) {
    questions += 1
    return store.acquire(...args)
  },
})

/** @typedef {typeof tab} Tab */

Object.assign(globalThis, { tab })
