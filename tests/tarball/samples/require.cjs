// console.js for those who write CommonJS.
const { NorthApiClient, OnsMqttClient, init } = require('northbound')
const { steps } = require('./steps.js')

void steps({ NorthApiClient, OnsMqttClient, init }, process.env['PLATFORM'] ?? '', (step) =>
  console.log(`done: ${step}`),
)
