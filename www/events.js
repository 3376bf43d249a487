// The log of what the client did: method, path, outcome, duration. Events carry no secret.

import { byId, textElement } from './dom.js'
import { formatClock } from './time.js'

const LONGEST = 200

/** @typedef {import('northbound').ClientEvent} ClientEvent */

/** @param {string} log The id of the list */
export function startEvents(log) {
  byId(`${log}-clear`, HTMLButtonElement).addEventListener('click', () => {
    byId(log, HTMLElement).replaceChildren()
    showEmpty(log)
  })
}

/**
 * Makes the listener for one client; `call` numbers are a client's own.
 *
 * @param {string} log
 */
export function eventLogger(log) {
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
      add(log, event.operation, request, outcome, good ? 'good' : 'bad', event.durationMs)
      return
    }
    const line = note(event)
    if (line) add(log, line[0], line[1], '', '')
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
 * @param {string} log
 * @param {string} what
 * @param {string} text
 * @param {string} outcome
 * @param {string} tone
 * @param {number} [durationMs]
 */
function add(log, what, text, outcome, tone, durationMs) {
  const list = byId(log, HTMLElement)
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
  showEmpty(log)
}

/** @param {string} log */
function showEmpty(log) {
  const list = byId(log, HTMLElement)
  list.hidden = list.childElementCount === 0
  byId(`${log}-empty`, HTMLElement).hidden = !list.hidden
}
