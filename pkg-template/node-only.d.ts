/**
 * `northbound/node`: what only Node has.
 *
 * @packageDocumentation
 * @module northbound/node
 */
import type { InvalidArgumentError, Sealing, TokenStore } from './index.js'

export { nodeFetch } from './node-fetch.js'
export type { NodeFetchOptions, Pem } from './node-fetch.js'

/**
 * Shares a token, and with `take` the budget of calls, between the processes of one host by a file.
 *
 * - `path` is the file itself; its folder has to exist. Files beside it start with its name:
 *   `<path>.calls`, and for a moment `<path>.<…>.tmp`. What else is in these files is replaced.
 * - Without `sealing` the file holds the token as it is. It is readable by its owner alone (mode 0600;
 *   a wider mode is narrowed), so all processes have to run as one user.
 * - Steps exclude each other by an abstract socket on Linux, a named pipe on Windows and elsewhere a
 *   lock file. On Linux that holds within one network namespace: containers of their own that share a
 *   folder need `northbound/redis`.
 * - Rejects where the file cannot be used, with `retryable: false` if that will not mend itself, and
 *   after 2 s in which another process held the lock.
 *
 * @param path the file, for example `/run/meters/token`.
 * @param options `sealing` encrypts what is kept. Default: kept as it is.
 * @throws An {@link InvalidArgumentError} for arguments that cannot work.
 *
 * @example
 * ```js
 * import { NorthApiClient } from 'northbound'
 * import { fileTokenStore } from 'northbound/node'
 *
 * const tokenStore = fileTokenStore('/run/meters/token')
 * const client = new NorthApiClient(info, { tokenStore })
 * ```
 */
export function fileTokenStore(path: string, options?: { sealing?: Sealing }): TokenStore
