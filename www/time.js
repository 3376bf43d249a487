// Durations as text, and a clock that stops with the element it serves.

/** @param {number} ms @returns for example "59:07", "2 h 05 min" or "24855 days" */
export function formatLife(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 6000) {
    return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`
  }
  const minutes = Math.floor(seconds / 60)
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
  return `${Math.floor(minutes / 1440)} days`
}

/** @param {Date} date */
export function formatClock(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')
}

/** @param {number} ms Since the Unix epoch */
export function formatDate(ms) {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}

/** @param {number} value */
function pad(value) {
  return String(value).padStart(2, '0')
}

/**
 * Calls `tick` at once and then twice a second, until it returns false or `owner` has left the
 * page.
 *
 * @param {Element} owner
 * @param {() => boolean | void} tick
 */
export function keepTime(owner, tick) {
  if (tick() === false) return
  const timer = setInterval(() => {
    if (!owner.isConnected || tick() === false) clearInterval(timer)
  }, 500)
}
