// For runtimes with a console: each step that is done is a line.
import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { steps } from './steps.js'

await steps({ NorthApiClient, OnsMqttClient, init }, process.env['PLATFORM'] ?? '', (step) =>
  console.log(`done: ${step}`),
)
