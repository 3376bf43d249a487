// The one client of this page, and what is known of its token. The token itself stays in the
// client: nothing here holds it.

import { NorthApiClient } from 'northbound'

/**
 * @typedef {{
 *   client: NorthApiClient
 *   appId: string
 *   scope: string
 *   tokenType: string
 *   lifeMs: number
 *   endsAt: number
 *   rejected: boolean
 * }} Connection
 */

/** @type {Connection | undefined} */
let current

const changes = new EventTarget()

export function connection() {
  return current
}

/** The client in use; forms that need it are disabled until there is one. */
export function client() {
  if (!current) throw new Error('Log in first')
  return current.client
}

/** @param {() => void} listener Called when the connection, its token or a device has changed */
export function onChange(listener) {
  changes.addEventListener('change', listener)
}

export function changed() {
  changes.dispatchEvent(new Event('change'))
}

/**
 * Logs in with a new client, which takes the place of the former one once the platform agreed.
 *
 * @param {{ baseUrl: string; appId: string; secret: string }} clientInfo
 * @param {boolean} allowInsecureHttp
 * @param {(event: import('northbound').ClientEvent) => void} onEvent
 * @param {AbortSignal} signal
 */
export async function connect(clientInfo, allowInsecureHttp, onEvent, signal) {
  const opened = new NorthApiClient(clientInfo, {
    allowInsecureHttp,
    onEvent: (event) => {
      onEvent(event)
      if (event.type === 'token') tokenEvent(made, event)
    },
  })
  /** @type {Connection} */
  const made = {
    client: opened,
    appId: clientInfo.appId,
    scope: '',
    tokenType: '',
    lifeMs: 0,
    endsAt: 0,
    rejected: false,
  }
  try {
    takeToken(made, await opened.getAuthToken({ signal }))
  } catch (error) {
    opened.free()
    throw error
  }
  current?.client.free()
  current = made
  changed()
}

export function disconnect() {
  current?.client.free()
  current = undefined
  changed()
}

/**
 * Renews the token, or logs in again, and notes what the platform said about the new one.
 *
 * @param {'refresh' | 'login'} how
 * @param {AbortSignal} signal
 */
export async function renew(how, signal) {
  if (!current) return
  const owner = current
  const token =
    how === 'refresh'
      ? await owner.client.refreshAuthToken({ signal })
      : await owner.client.getAuthToken({ force: true, signal })
  takeToken(owner, token)
  changed()
}

/** The live token, for the clipboard. */
export async function accessToken() {
  return (await client().getAuthToken()).accessToken
}

/**
 * @param {Connection} owner
 * @param {import('northbound').AuthOutDTO} token
 */
function takeToken(owner, token) {
  owner.scope = token.scope
  owner.tokenType = token.tokenType
  owner.rejected = false
  if (owner.endsAt <= Date.now()) setLife(owner, token.expiresIn * 1000)
}

/**
 * @param {Connection} owner
 * @param {Extract<import('northbound').ClientEvent, { type: 'token' }>} event
 */
function tokenEvent(owner, event) {
  owner.rejected = event.cause === 'rejected'
  if (!owner.rejected && event.lifeMs !== undefined) setLife(owner, event.lifeMs)
  if (owner === current) changed()
}

/**
 * @param {Connection} owner
 * @param {number} lifeMs
 */
function setLife(owner, lifeMs) {
  owner.lifeMs = lifeMs
  owner.endsAt = Date.now() + lifeMs
}
