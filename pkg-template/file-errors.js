// What is told of a file that cannot be used.

import { dirname } from 'node:path'

import { shownName, showing } from './northbound.js'

/** What does not mend itself: asking again is useless. */
const LASTING = /** @type {Record<string, (path: string, folder: string) => string>} */ ({
  ENOENT: (_, folder) => `the folder ${folder} does not exist; create it`,
  ENOTDIR: (_, folder) => `${folder} is not a folder; give another path`,
  NOT_A_FILE: (path) => `${path} is not a file; give the path of one, or of none yet`,
  NOT_OWNER: (path) => `${path} belongs to another user; remove it, or run as its owner`,
  EISDIR: (path) => `${path} is a folder; give the path of a file`,
  EACCES: (path) => `${path} may not be read or written; let this user own it and its folder`,
  EPERM: (path) => `${path} may not be read or written; let this user own it and its folder`,
  EROFS: (path) => `${path} is on a read-only file system; give another path`,
  ENAMETOOLONG: (path) => `${path} is too long; give another path`,
  ELOOP: (path) => `${path} is a link to itself; give another path`,
})

/**
 * @param {string} path
 * @param {unknown} error
 * @returns {Error & { retryable?: boolean, code?: string }}
 */
export function storeError(path, error) {
  const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error ?? {})
  const lasting = Object.hasOwn(LASTING, code) ? LASTING[code] : undefined
  if (lasting !== undefined) {
    const made = told((name) => lasting(name(path), name(dirname(path))), error)
    return Object.assign(made, { code, retryable: false })
  }
  const named = /^[A-Z][A-Z0-9_]{1,39}$/.test(code) ? code : undefined
  const what = (/** @type {Shown} */ name) =>
    `${name(path)} cannot be used${named === undefined ? '' : `: ${named}`}`
  return Object.assign(told(what, error), named !== undefined && { code: named })
}

/**
 * Another process does not let go of the lock.
 *
 * @param {string} path
 * @param {number} waitedMs
 */
export function heldError(path, waitedMs) {
  const what = (/** @type {Shown} */ name) =>
    `another process has held the lock of ${name(path)} for ${waitedMs / 1000} s; ` +
    'see whether one is stopped'
  return told(what)
}

/** @typedef {(name: string) => string} Shown */

/**
 * The message has the whole path, the reason as much of it as may be shown.
 *
 * @param {(name: Shown) => string} what
 * @param {unknown} [cause]
 */
function told(what, cause) {
  const message = `fileTokenStore: ${what((name) => name)}`
  return showing(new Error(message, cause === undefined ? {} : { cause }), what(shownName))
}
