// The cards for the connection and its token.

import { perform } from './calls.js'
import { forgetDevices } from './devices.js'
import { byId, fieldText, say, setBadge } from './dom.js'
import { eventLogger } from './events.js'
import { copyText } from './secret.js'
import * as session from './session.js'
import { formatLife, keepTime } from './time.js'

/** What the simulator knows from its start. Not a secret of any platform. */
const SIMULATOR = { appId: 'app1', secret: 's+e/c=r&t%1' }

export function startConnection() {
  const form = byId('connection-form', HTMLFormElement)
  const baseUrl = byId('connection-baseUrl', HTMLInputElement)
  const appId = byId('connection-appId', HTMLInputElement)
  const secret = byId('connection-secret', HTMLInputElement)
  const slot = byId('connection-errors', HTMLElement)
  baseUrl.value = location.origin

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    perform({
      button: byId('login', HTMLButtonElement),
      slot,
      form,
      doing: 'Logging in…',
      call: async (signal) => {
        const clientInfo = {
          baseUrl: baseUrl.value.trim() || location.origin,
          appId: appId.value,
          secret: secret.value,
        }
        const insecure = fieldText(form, 'allowInsecureHttp') !== ''
        await session.connect(clientInfo, insecure, eventLogger('events'), signal)
        secret.value = ''
        return `Logged in as ${clientInfo.appId}`
      },
    })
  })
  byId('preset-simulator', HTMLButtonElement).addEventListener('click', () => {
    baseUrl.value = location.origin
    appId.value = SIMULATOR.appId
    secret.value = SIMULATOR.secret
    byId('login', HTMLButtonElement).focus()
  })
  byId('disconnect', HTMLButtonElement).addEventListener('click', () => {
    session.disconnect()
    forgetDevices()
    slot.replaceChildren()
    appId.focus()
    say('Disconnected; the page has forgotten token and devices')
  })
  startToken()
  session.onChange(draw)
  draw()
}

function startToken() {
  const slot = byId('token-errors', HTMLElement)
  const refresh = byId('token-refresh', HTMLButtonElement)
  const force = byId('token-force', HTMLButtonElement)
  refresh.addEventListener('click', () =>
    perform({
      button: refresh,
      slot,
      doing: 'Refreshing the token…',
      call: async (signal) => {
        await session.renew('refresh', signal)
        return 'Token refreshed'
      },
    }),
  )
  force.addEventListener('click', () =>
    perform({
      button: force,
      slot,
      doing: 'Logging in again…',
      call: async (signal) => {
        await session.renew('login', signal)
        return 'Logged in again; the former token has ended'
      },
    }),
  )
  byId('token-copy', HTMLButtonElement).addEventListener('click', () =>
    copyText('Access token', session.accessToken()),
  )
  keepTime(document.documentElement, drawLife)
}

function draw() {
  const connection = session.connection()
  const state = byId('connection-state', HTMLElement)
  if (connection) setBadge(state, `logged in as ${connection.appId}`, 'good')
  else setBadge(state, 'not logged in')
  byId('disconnect', HTMLElement).hidden = !connection
  byId('token-none', HTMLElement).hidden = Boolean(connection)
  byId('token-present', HTMLElement).hidden = !connection
  byId('token-scope', HTMLElement).textContent = connection?.scope ?? ''
  byId('token-type', HTMLElement).textContent = connection?.tokenType ?? ''
  if (!connection) byId('token-errors', HTMLElement).replaceChildren()
  drawLife()
}

function drawLife() {
  const connection = session.connection()
  const state = byId('token-state', HTMLElement)
  if (!connection) return setBadge(state, 'none')
  const left = Math.max(0, connection.endsAt - Date.now())
  const bar = byId('token-bar', HTMLProgressElement)
  bar.max = connection.lifeMs || 1
  bar.value = left
  byId('token-life', HTMLElement).textContent = formatLife(left)
  if (connection.rejected) return setBadge(state, 'refused', 'bad')
  if (left === 0) return setBadge(state, 'expired; the next call renews it', 'bad')
  setBadge(state, 'live', 'good')
}
