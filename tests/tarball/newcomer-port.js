// Loaded into a process before its own code: connections to the demo's port reach the simulator of the test. That port
// may be in use on this machine, and the README's code runs unchanged.

import net from 'node:net'

const [from, to] = (process.env['NEWCOMER_PORTS'] ?? '').split(':').map(Number)
const connect = /** @type {(...args: any[]) => net.Socket} */ (net.Socket.prototype.connect)

net.Socket.prototype.connect = function (/** @type {any[]} */ ...args) {
  // Either the options, or an array of them and a listener, which is how node:net calls it itself.
  const [options] = args.flat()
  if (Number(options?.port) === from) options.port = to
  return connect.apply(this, args)
}
