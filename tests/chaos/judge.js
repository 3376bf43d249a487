// Judges a cell of the matrix: what came of one call whose answers met a fault.

import { inspect } from 'node:util'

import { leaksIn } from '../js/support/leaks.js'

/**
 * What is known of a cell when it is over.
 * @typedef {object} Cell
 * @property {import('./operations.js').Operation} operation
 * @property {import('./faults.js').ChaosFault} fault
 * @property {import('./matrix.js').Mode} mode
 * @property {string} id what the call was about
 * @property {{ result?: any, error?: any, tookMs: number }} outcome
 * @property {import('./proxy.js').Passed[]} passed
 */

/** How an error says that the platform may have acted. */
const UNKNOWN = 'whether the platform acted is not known'

/**
 * Whether the platform did what it was asked for.
 * @param {import('./proxy.js').Passed} passed
 */
function acted({ answer }) {
  if (answer === undefined || answer.status >= 300) return false
  return !/"(error_code|resultcode|Code)"/.test(answer.body.toString())
}

/**
 * @param {Cell} cell
 * @param {typeof import('northbound')} northbound
 * @param {Record<string, string>} secrets
 * @returns {{ came: string, complaints: string[] }}
 */
export function judge(cell, northbound, secrets) {
  const { outcome, mode } = cell
  const complaints = 'error' in outcome ? failed(cell, northbound, secrets) : succeeded(cell)
  const { limitMs } = mode
  if (outcome.tookMs > limitMs) complaints.push(`took ${outcome.tookMs | 0} ms`)
  const came = 'error' in outcome ? String(outcome.error?.kind) : 'ok'
  if (!mayCome(cell, came)) {
    const shown = inspect(outcome.error ?? outcome.result, { depth: 3 })
    complaints.push(`${came} fits neither the fault nor its mending: ${shown}`)
  }
  return { came, complaints }
}

/**
 * Whether an outcome fits the fault; a retry that can mend it has to.
 * @param {Cell} cell
 * @param {string} came
 */
function mayCome({ operation, fault, mode, outcome, passed }, came) {
  const fits = /** @type {string[]} */ (fault.fits)
  const own = passed.filter((each) => each.operation === operation.hit)
  const { code } = outcome.error ?? {}
  if (came === 'platform') return own.length > 1 && code !== undefined && code === operation.again
  // What a look-up or a second attempt has mended.
  if (came === 'ok' && passed.some((each) => each.fault === undefined && each.answer)) return true
  const lost = fits.every((kind) => kind === 'network' || kind === 'timeout')
  const mended = mode.retry && mode.hits === 'once' && lost && operation.name !== 'regDirectDevice'
  if (mended) return false
  // Of several pages, those after the first may meet a connection that is closed.
  if (operation.name === 'clientIds' && fault.closes && came === 'network') return !mode.retry
  return fits.includes(came)
}

/** @param {Cell} cell */
function succeeded({ operation, id, outcome, passed }) {
  const words = passed.filter((each) => acted(each))
  const own = words.filter(({ operation: name }) => name === operation.hit)
  if (own.length === 0) return ['it resolved, and the platform did nothing']
  const last = words.at(-1)?.answer?.body.toString() ?? ''
  const missing = operation.told(outcome.result ?? {}, id).filter((text) => !last.includes(text))
  return missing.length === 0 ? [] : [`the platform's last word lacks ${missing}: ${last}`]
}

/**
 * @param {Cell} cell
 * @param {typeof import('northbound')} northbound
 * @param {Record<string, string>} secrets
 */
function failed({ operation, mode, outcome, passed }, northbound, secrets) {
  const { error } = outcome
  if (!(error instanceof northbound.NorthboundError)) return [`rejected with ${inspect(error)}`]
  const complaints = []
  const { kind, message, attempts, retryable } = error
  if (kind === 'internal') complaints.push(`a fault of the package: ${inspect(error)}`)
  const most = mode.retry ? 3 : 1
  if (!(attempts >= 1 && attempts <= most)) complaints.push(`${attempts} attempts of ${most}`)
  const tokens = passed.flatMap(({ answer }) => [
    ...(answer?.body.toString() ?? '').matchAll(
      /"(?:accessToken|refreshToken|Token|\w*Secret|verifyCode|psk)":"([^"]{8,})"/g,
    ),
  ])
  const hidden = Object.fromEntries(
    tokens.map(([, secret], index) => [`answer ${index}`, `${secret}`]),
  )
  const text = inspect(error, { depth: 10, showHidden: true, maxStringLength: null })
  const leaks = leaksIn([{ channel: 'an error', situation: 'its inspection', text }], {
    ...secrets,
    ...hidden,
  })
  complaints.push(...leaks)

  const did = passed.some((each) => each.operation === operation.hit && acted(each))
  if (operation.changes && did) {
    const says = message.includes(UNKNOWN)
    // That it is there already is told by the platform itself: see `mayCome`.
    const mayHave = ['network', 'timeout', 'decode', operation.again && 'platform'].includes(kind)
    if (operation.lost === 'says' ? !says : !says && !mayHave) {
      complaints.push(`the platform acted, and the error does not say that it may have: ${message}`)
    }
    if (operation.lost === 'says' && retryable) complaints.push('it is said to be retryable')
  }
  return complaints
}
