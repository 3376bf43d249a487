// Connections that wait for the next request: one on which the server speaks unasked is not used again.
//
// Whatever comes in between belongs to no request, but Node would read it as the answer to the next one, and
// from then on give every call the answer of the call before: another device's key. Once the next request is
// written nobody can tell; until then everybody can.

/**
 * Makes an agent end such connections.
 *
 * @template {import('node:http').Agent} T
 * @param {T} agent
 * @returns {T} the same
 */
export function heedingIdle(agent) {
  /** @this {import('node:stream').Duplex} */
  function endIt() {
    this.destroy()
  }
  const { keepSocketAlive, reuseSocket } = agent
  // Its types lack that it tells whether the connection is kept.
  agent.keepSocketAlive = (/** @type {import('node:stream').Duplex} */ socket) => {
    const kept = /** @type {any} */ (keepSocketAlive.call(agent, socket))
    if (kept) socket.on('data', endIt)
    return kept
  }
  /** @type {typeof reuseSocket} */
  agent.reuseSocket = (socket, request) => {
    socket.off('data', endIt)
    reuseSocket.call(agent, socket, request)
  }
  return agent
}
