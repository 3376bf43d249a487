// Puts answers in the place of HTTP below the vendor's two SDKs. Both send by httpx, which is looked up per call.

import { Readable } from 'node:stream'

import { peer } from './installed.js'
import { ANSWER } from '../subject.js'

const httpx = peer('httpx')
const BYTES = Buffer.from(ANSWER)

export function stubHttpx() {
  httpx.request = async () => Object.assign(new Readable({ read: end }), ANSWERED)
  httpx.read = async () => BYTES
}

const ANSWERED = { statusCode: 200, headers: { 'content-type': 'application/json' }, req: {} }

/** @this {Readable} */
function end() {
  this.push(BYTES)
  this.push(null)
}
