/**
 * `northbound/node`: what only Node has.
 */
import type { FetchLike, InvalidArgumentError } from './index.js'

/** A PEM text (the content of a file, not its name), its bytes, or several of them. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[]

/**
 * Options of {@link nodeFetch}. A member that is not listed here is refused by name; `undefined` counts
 * as absent.
 */
export interface NodeFetchOptions {
  /** Certificate authorities to trust, in place of those that Node brings. Default: Node's own. */
  ca?: Pem
  /** The client's certificate, followed by its intermediates; needs `key`. Default: none is shown. */
  cert?: Pem
  /** The private key of `cert`. Default: none. */
  key?: Pem
  /**
   * Certificate and key in one: the bytes of a PKCS#12 archive (`.pfx`, `.p12`), in place of `cert` and `key`.
   * Further certificates in it are sent along, and trusted as those of `ca` are. Default: none.
   */
  pfx?: Uint8Array
  /** Opens an encrypted `key` or `pfx`. Default: neither is encrypted. */
  passphrase?: string
  /**
   * The host name to ask the server for (SNI), and that its certificate has to be for: for servers that are
   * reached by an IP address or another name. Not an IP address. Default: the host of the URL.
   */
  servername?: string
  /** Connections to one host at a time, 1 or more; further calls queue. Default: no limit. */
  maxSockets?: number
}

/**
 * A fetch-shaped sender over node:http and node:https with keep-alive: client certificates, own CA,
 * a fraction of global fetch's CPU.
 *
 * - The server's certificate and name are always checked; no option and no environment variable
 *   turns that off, NODE_TLS_REJECT_UNAUTHORIZED=0 included.
 * - A redirect is an answer like any other. Proxy variables are not read.
 * - There is no time limit of its own: `init.signal` ends a call, with `signal.reason`.
 * - `arrayBuffer()` gives what content-encoding gzip, deflate or br stood for. It gives at most
 *   1 MiB and one byte, by which a longer body is recognised; the rest is not read.
 * - Rejects with Node's own error, whose `code` says what happened.
 *
 * @param options whom to trust, and who is calling. Default: as each option says.
 * @throws An {@link InvalidArgumentError} for options that cannot work.
 * @see [tls.createSecureContext()](https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions)
 *
 * @example
 * ```js
 * import { readFileSync } from 'node:fs'
 * import { NorthApiClient } from 'northbound'
 * import { nodeFetch } from 'northbound/node'
 *
 * const [ca, cert, key] = ['ca.pem', 'client.pem', 'client.key'].map((file) => readFileSync(file))
 * const client = new NorthApiClient(info, { fetch: nodeFetch({ ca, cert, key }) })
 * ```
 */
export function nodeFetch(options?: NodeFetchOptions): FetchLike
