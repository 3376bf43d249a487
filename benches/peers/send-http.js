// Hand-written sending by node:http with connections that are kept.

import http from 'node:http'

import { decode } from './by-hand-common.js'

const agent = new http.Agent({ keepAlive: true })

/**
 * @param {string} url
 * @param {http.RequestOptions} options
 * @param {string | undefined} body
 * @returns {Promise<{ status: number, text: string }>}
 */
function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, ...options }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (/** @type {string} */ piece) => (text += piece))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** @param {() => import('../subject.js').Wire} build */
export function calling(build) {
  return async () => {
    const { url, method, headers, body } = build()
    const { status, text } = await send(url, { method, headers }, body)
    return decode(status, text)
  }
}

/** No signature, no reading: the limit of whatever uses node:http. @param {string} endpoint */
export function bare(endpoint) {
  const { hostname, port } = new URL(endpoint)
  const options = { agent, hostname, port, path: '/', method: 'POST' }
  return () =>
    new Promise((resolve, reject) => {
      const request = http.request(options, (answer) => {
        answer.resume().on('end', resolve).on('error', reject)
      })
      request.on('error', reject)
      request.end()
    })
}
