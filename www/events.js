// The log of what the client did: method, path, outcome, duration. Events carry no secret.

import { byId, textElement } from './dom.js'
import { formatClock } from './time.js'

const LONGEST = 200

/** @typedef {import('northbound').ClientEvent} ClientEvent */

export function startEvents() {
  byId('events-clear', HTMLButtonElement).addEventListener('click', () => {
    byId('events', HTMLElement).replaceChildren()
    showEmpty()
  })
}

/** Makes the listener for one client; `call` numbers are a client's own. */
export function eventLogger() {
  /** Requests whose answer is still to come. @type {Map<string, string>} */
  const sent = new Map()

  /** @param {ClientEvent} event */
  return (event) => {
    if (event.type === 'request') {
      sent.set(`${event.call}/${event.attempt}`, `${event.method} ${event.path}`)
      return
    }
    if (event.type === 'response' || event.type === 'failure') {
      const key = `${event.call}/${event.attempt}`
      const request = sent.get(key) ?? ''
      sent.delete(key)
      const outcome = event.type === 'response' ? String(event.status) : event.kind
      const good = event.type === 'response' && event.status < 300
      add(event.operation, request, outcome, good ? 'good' : 'bad', event.durationMs)
      return
    }
    const line = note(event)
    if (line) add(line[0], line[1], '', '')
  }
}

/**
 * @param {ClientEvent} event
 * @returns {[string, string] | undefined}
 */
function note(event) {
  switch (event.type) {
    case 'retry':
      return [
        event.operation,
        `attempt ${event.attempt} failed (${event.code ?? event.kind}), ` +
          `again in ${Math.round(event.delayMs)} ms`,
      ]
    case 'throttle':
      return [
        event.operation,
        `waits ${Math.round(event.delayMs)} ms: ${event.used} of ${event.calls} calls used`,
      ]
    case 'token':
      return [
        'token',
        event.cause === 'rejected' ? 'refused by the platform' : `new, by ${event.cause}`,
      ]
    case 'warning':
      return ['warning', `${event.about}: ${event.message}`]
    case 'request':
    case 'response':
    case 'failure':
    case 'done':
      return undefined
  }
}

/**
 * @param {string} what
 * @param {string} text
 * @param {string} outcome
 * @param {string} tone
 * @param {number} [durationMs]
 */
function add(what, text, outcome, tone, durationMs) {
  const list = byId('events', HTMLElement)
  const row = document.createElement('li')
  row.dataset['testid'] = 'event'
  row.append(
    textElement('span', 'event-time', formatClock(new Date())),
    textElement('span', 'event-what', what),
    textElement('span', 'event-text mono', text),
    textElement('span', `event-outcome ${tone}`.trim(), outcome),
    textElement(
      'span',
      'event-duration',
      durationMs === undefined ? '' : `${Math.round(durationMs)} ms`,
    ),
  )
  list.prepend(row)
  while (list.childElementCount > LONGEST) list.lastElementChild?.remove()
  showEmpty()
}

function showEmpty() {
  const list = byId('events', HTMLElement)
  list.hidden = list.childElementCount === 0
  byId('events-empty', HTMLElement).hidden = !list.hidden
}
