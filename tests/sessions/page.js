// A tab as one sharer: it opens a client and runs a load when it is told, itself or in its worker.

import { open } from './sharer.js'

/** @typedef {{ baseUrl: string, app: { appId: string, secret: string }, shared: boolean }} Opening */

/** @type {Awaited<ReturnType<typeof open>>} */
let client
/** @type {Worker} */
let worker

Object.assign(globalThis, {
  sharer: {
    /** @param {Opening} opening */
    async open(opening) {
      client = await open(opening)
    },
    /** @param {import('./load.js').Load} load */
    load: (load) => client(load),
    /** @param {Opening} opening */
    async openWorker(opening) {
      worker = new Worker(new URL('./page-worker.js', import.meta.url), { type: 'module' })
      await ask({ opening })
    },
    /** @param {import('./load.js').Load} load */
    loadWorker: (load) => ask({ load }),
  },
})

/** @param {object} message @returns {Promise<any>} */
function ask(message) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(`in the worker: ${event.message}`))
    worker.onmessage = ({ data }) =>
      data.error === undefined ? resolve(data.result) : reject(new Error(data.error))
    worker.postMessage(message)
  })
}
