// page.js in a worker of the page: its messages are the steps that are done, or at the end the problem.
import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { describe, steps } from './steps.js'

steps({ NorthApiClient, OnsMqttClient, init }, location.origin, (step) => postMessage(step)).catch(
  (error) => postMessage(`problem: ${describe(error)}`),
)
