// page.js in a service worker: it answers the first message by the steps that are done, or at the end the problem.
import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { describe, steps } from './steps.js'

addEventListener('message', (message) => {
  const { source, waitUntil } = /** @type {any} */ (message)
  const tell = (/** @type {string} */ text) => source.postMessage(text)
  const running = steps({ NorthApiClient, OnsMqttClient, init }, location.origin, tell)
  waitUntil.call(
    message,
    running.catch((error) => tell(`problem: ${describe(error)}`)),
  )
})
