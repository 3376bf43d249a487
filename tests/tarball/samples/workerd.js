// page.js in a Worker of Cloudflare: its answer is the steps that are done, or at the end the problem.
import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { describe, steps } from './steps.js'

export default {
  /** @param {Request} request */
  async fetch(request) {
    const platform = new URL(request.url).searchParams.get('platform') ?? ''
    /** @type {string[]} */
    const told = []
    await steps({ NorthApiClient, OnsMqttClient, init }, platform, (step) => told.push(step)).catch(
      (error) => told.push(`problem: ${describe(error)}`),
    )
    return Response.json(told)
  },
}
