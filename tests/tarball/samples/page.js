// For pages: `northboundSteps` has the steps that are done, or at its end the problem.
import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { describe, steps } from './steps.js'

const platform = new URLSearchParams(location.search).get('platform') ?? location.origin
/** @type {string[]} */
const told = []
Object.assign(globalThis, { northboundSteps: told })
steps({ NorthApiClient, OnsMqttClient, init }, platform, (step) => told.push(step)).catch((error) =>
  told.push(`problem: ${describe(error)}`),
)
