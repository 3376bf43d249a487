// nginx with the example's configuration, filled in: for scripts/proxy, and for the tests of the example itself.
// Writes nothing.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const EXAMPLE = fileURLToPath(new URL('../../examples/nginx/northbound.conf', import.meta.url))

/** Not every user's PATH has the folder where Debian puts servers. */
export const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path))

/**
 * @typedef {object} Site
 * @property {string} folder where the certificates are, under the example's names
 * @property {string} page the folder of the page
 * @property {string} listen address and port
 * @property {boolean} tls whether browsers are to see a certificate
 * @property {string} upstream the platform, address and port
 * @property {string} host what it is called in requests
 * @property {string} name the name in its certificate
 * @property {readonly string[]} allow networks that may call
 * @property {readonly string[]} origins pages of other origins that may call
 * @property {readonly string[]} connect what the page may call besides its own origin
 */

/** The example with its values filled in, and no other line changed. @param {Site} site */
export function exampleFor(site) {
  const { folder, page, listen, tls, upstream, host, name, allow, origins, connect } = site
  const withOrLessTls = /** @type {[string, string][]} */ (
    tls
      ? [['listen 443 ssl;', `listen ${listen} ssl;`]]
      : [
          ['listen 443 ssl;', `listen ${listen};`],
          ['ssl_certificate /etc/nginx/northbound/site.pem;', '#'],
          ['ssl_certificate_key /etc/nginx/northbound/site.key;', '#'],
        ]
  )
  return fillIn(readFileSync(EXAMPLE, 'utf8'), [
    ['server iot.example.com:8743;', `server ${upstream};`],
    ['proxy_set_header Host iot.example.com;', `proxy_set_header Host ${host};`],
    ['proxy_ssl_name iot.example.com;', `proxy_ssl_name ${name};`],
    ['https://console.example.com $http_origin;', each(origins, (one) => `${one} $http_origin;`)],
    ['allow 127.0.0.1;', each(allow, (one) => `allow ${one};`)],
    ['allow 10.0.0.0/8;', ''],
    ["connect-src 'self'", ["connect-src 'self'", ...connect].join(' ')],
    ...withOrLessTls,
    ['root /var/www/northbound;', `root ${page};`],
    ['/etc/nginx/northbound/', `${folder}/`],
  ])
}

/** @param {readonly string[]} values @param {(value: string) => string} line */
function each(values, line) {
  return values.map(line).join(' ')
}

/**
 * Replaces texts, each of which must be there.
 * @param {string} text
 * @param {[string, string][]} replacements
 */
export function fillIn(text, replacements) {
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`the example has no \`${from}\``)
    // A function: in a text `$` would mean something.
    text = text.replaceAll(from, () => to)
  }
  return text
}

/**
 * What stands around the example, in a folder of its own: `northbound.conf` and all that nginx writes.
 * @param {string} folder
 * @param {string} processes which of them there are, whose they are, and where they tell errors
 */
export function mainConfiguration(folder, processes) {
  return `${processes}
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  server_tokens off;
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/northbound.conf;
}
`
}
