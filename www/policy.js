// What the console may do. The build writes it into the page, whoever serves it; nginx sends it as headers
// (examples/nginx/northbound.conf, and scripts/proxy from there), which can say more and be narrower.

/** Any platform: by its address, which is typed in, or a broker of ApsaraMQ or of this machine. */
const ANYWHERE = [
  "'self'",
  'https:',
  'http:',
  'wss://*.mqtt.aliyuncs.com',
  'ws://127.0.0.1:*',
  'ws://localhost:*',
]

/** @param {readonly string[]} connect what the page may call */
function directives(connect) {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'connect-src': connect,
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    // No text becomes markup or script, by nobody.
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  }
}

/** For a `meta` element, which browsers refuse `frame-ancestors` in. */
export function policyOfPage() {
  return written(directives(ANYWHERE))
}

/**
 * What is sent with every file of the page, by name.
 *
 * @param {readonly string[]} [further] addresses that the page may call besides its own origin
 * @returns {Record<string, string>}
 */
export function headersOfPage(further = []) {
  return {
    'Content-Security-Policy': written({
      ...directives(["'self'", ...further]),
      'frame-ancestors': ["'none'"],
    }),
    'Permissions-Policy': [
      ...['accelerometer', 'camera', 'clipboard-read', 'display-capture'],
      ...['geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone', 'midi', 'payment'],
      ...['serial', 'usb'],
    ]
      .map((feature) => `${feature}=()`)
      .join(', '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}

/** @param {Record<string, readonly string[]>} parts */
function written(parts) {
  return Object.entries(parts)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ')
}
