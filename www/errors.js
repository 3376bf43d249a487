// Shows an error beside what caused it: what happened, what it means, what to do.

import {
  DecodeError,
  InvalidArgumentError,
  PlatformError,
  TimeoutError,
  isNorthboundError,
} from 'northbound'
import { clone, part, showFieldError, textElement } from './dom.js'
import { formatLife } from './time.js'

/**
 * Buttons that do what an error asks for, by the error's action.
 *
 * @typedef {Partial<Record<import('northbound').ErrorAction, { label: string; run: () => void }>>} Offers
 */

/** @type {Record<import('northbound').ErrorKind, { title: string; remedy: string }>} */
const KINDS = {
  platform: { title: 'The platform refused the call', remedy: '' },
  network: {
    title: 'No answer',
    remedy:
      'Check the address and that the platform is up. A browser also hides answers of ' +
      'another origin that sends no CORS headers, and of a certificate that it does not trust.',
  },
  timeout: {
    title: 'No answer in time',
    remedy: 'Try again. If it happens often, check the network between here and the platform.',
  },
  decode: {
    title: 'The answer is none of the platform’s',
    remedy: 'Check the address: a proxy, a login page or another server may have answered.',
  },
  'invalid-argument': {
    title: 'A value cannot be sent',
    remedy: 'Correct the value. Nothing was sent.',
  },
  internal: { title: 'A fault of the package', remedy: 'Please report it.' },
}

/** What went wrong outside the package, told like its errors. */
export class PageError extends Error {
  /** @param {{ code?: string; title: string; meaning: string; remedy: string }} told */
  constructor({ code = '', title, meaning, remedy }) {
    super(meaning)
    this.code = code
    this.title = title
    this.remedy = remedy
  }
}

/** @param {Element} slot */
export function dismissError(slot) {
  slot.replaceChildren()
}

/**
 * @param {unknown} error
 * @param {{
 *   slot: HTMLElement
 *   form?: HTMLFormElement | undefined
 *   offers?: Offers | undefined
 * }} place
 */
export function showError(error, { slot, form, offers }) {
  const card = clone('error-template')
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    const element = part(card, name, HTMLElement)
    element.textContent = text
    element.hidden = text === ''
  }
  part(card, 'dismiss', HTMLButtonElement).addEventListener('click', () => dismissError(slot))
  if (isNorthboundError(error)) {
    describe(error, card, write)
    if (error instanceof PlatformError) addOffer(card, offers?.[error.action])
  } else {
    const told = error instanceof PageError ? error : undefined
    write('code', told?.code ?? '')
    write('title', told?.title ?? 'The page could not do this')
    write('meaning', error instanceof Error ? error.message : String(error))
    write('remedy', told?.remedy ?? '')
  }
  slot.replaceChildren(card)
  card.scrollIntoView({ block: 'nearest' })
  if (form && error instanceof InvalidArgumentError) {
    const named = error.message.includes(error.argument)
    const text = named ? error.message : `${error.argument}: ${error.message}`
    showFieldError(form, error.argument, text)
  }
}

/**
 * @param {import('northbound').NorthboundError} error
 * @param {HTMLElement} card
 * @param {(name: string, text: string) => void} write
 */
function describe(error, card, write) {
  const kind = KINDS[error.kind]
  const platform = error instanceof PlatformError ? error : undefined
  const decode = error instanceof DecodeError ? error : undefined
  write('code', platform ? `[${platform.status} / ${platform.code}]` : '')
  write('title', platform?.description || kind.title)
  write('meaning', platform?.meaning ?? error.message)
  write('remedy', platform?.remedy ?? kind.remedy)

  fact(card, 'action', 'Action', platform?.action)
  fact(card, 'kind', 'Kind', error.kind)
  fact(
    card,
    'argument',
    'Argument',
    error instanceof InvalidArgumentError ? error.argument : undefined,
  )
  fact(card, 'operation', 'Operation', error.operation)
  fact(card, 'attempts', 'Attempts', String(error.attempts))
  fact(card, 'retryable', 'May succeed later', error.retryable ? 'yes' : 'no')
  fact(card, 'status', 'HTTP status', decode && String(decode.status))
  fact(
    card,
    'timeout',
    'Time allowed',
    error instanceof TimeoutError ? `${error.timeoutMs} ms` : undefined,
  )
  fact(
    card,
    'retry-after',
    'Wait',
    platform?.retryAfterMs === undefined ? undefined : formatLife(platform.retryAfterMs),
  )
  fact(card, 'request-id', 'Request ID', platform?.requestId)
  if (decode?.excerpt) {
    write('excerpt', decode.excerpt)
    part(card, 'excerptRow', HTMLElement).hidden = false
  }
}

/**
 * @param {HTMLElement} card
 * @param {string} name
 * @param {string} label
 * @param {string | undefined} text
 */
function fact(card, name, label, text) {
  if (text === undefined) return
  const row = document.createElement('div')
  const value = textElement('dd', '', text)
  value.dataset['testid'] = `error-${name}`
  row.append(textElement('dt', '', label), value)
  part(card, 'facts', HTMLElement).append(row)
}

/**
 * @param {HTMLElement} card
 * @param {{ label: string; run: () => void } | undefined} offer
 */
function addOffer(card, offer) {
  if (!offer) return
  const button = /** @type {HTMLButtonElement} */ (textElement('button', '', offer.label))
  button.type = 'button'
  button.dataset['testid'] = 'error-offer'
  button.addEventListener('click', offer.run)
  const row = part(card, 'offers', HTMLElement)
  row.append(button)
  row.hidden = false
}
