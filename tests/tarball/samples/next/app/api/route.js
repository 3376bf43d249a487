import { NorthApiClient, OnsMqttClient, init } from 'northbound'

import { describe, steps } from '../../steps.js'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

/** @param {Request} request */
export async function GET(request) {
  const platform = new URL(request.url).searchParams.get('platform') ?? ''
  const told = []
  await steps({ NorthApiClient, OnsMqttClient, init }, platform, (step) => told.push(step)).catch(
    (error) => told.push(`problem: ${describe(error)}`),
  )
  return Response.json(told)
}
