/**
 * `nodeFetch`: a fetch-shaped sender of its own connections over node:http and node:https, for client
 * certificates and an own CA. How it sends is in node-exchange.js.
 *
 * The server is always verified. `rejectUnauthorized` is set for each connection, since otherwise the
 * variable NODE_TLS_REJECT_UNAUTHORIZED decides.
 */
import http from 'node:http'
import https from 'node:https'

import { sender } from './node-exchange.js'
import { readOptions, readTls } from './node-fetch-options.js'

/**
 * @param {import('./node-fetch.js').NodeFetchOptions} [options]
 * @returns {import('./index.js').FetchLike}
 */
export function nodeFetch(options) {
  const { maxSockets, servername, ...tls } = readOptions(options)
  // One parsed context: PEM texts in the options would be part of the pool's key on each call.
  const secureContext = readTls(tls)
  // For both, what is asked for and what the certificate has to be for.
  const named = servername === undefined ? {} : { servername }
  return sender(
    { maxSockets, resends: true },
    { secureContext, rejectUnauthorized: true, ...named },
    { 'http:': http, 'https:': https },
  )
}
