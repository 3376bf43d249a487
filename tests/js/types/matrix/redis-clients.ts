// Clients of Redis as their packages declare them fit nodeRedis() and ioRedis(), in every major version.
import * as ioredis6 from 'ioredis'
import * as ioredis5 from 'ioredis-5'
import * as redis6 from 'redis'
import * as redis4 from 'redis-4'
import * as redis5 from 'redis-5'

import type { TokenStore } from 'northbound'
import { ioRedis, nodeRedis, redisTokenStore, type RunScript } from 'northbound/redis'

const nodes = { rootNodes: [{ url: 'redis://127.0.0.1' }] }
const sentinel = { name: 'main', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] }

export const runners: RunScript[] = [
  nodeRedis(redis4.createClient()),
  nodeRedis(redis4.createClient({ url: 'redis://127.0.0.1', scripts: {} })),
  nodeRedis(redis4.createCluster(nodes)),
  nodeRedis(redis5.createClient()),
  nodeRedis(redis5.createClient({ RESP: 3 })),
  nodeRedis(redis5.createClientPool()),
  nodeRedis(redis5.createCluster(nodes)),
  nodeRedis(redis5.createSentinel(sentinel)),
  nodeRedis(redis6.createClient()),
  nodeRedis(redis6.createClient({ RESP: 3 })),
  nodeRedis(redis6.createClientPool()),
  nodeRedis(redis6.createCluster(nodes)),
  nodeRedis(redis6.createSentinel(sentinel)),
  ioRedis(new ioredis5.Redis()),
  ioRedis(new ioredis5.Redis({ lazyConnect: true })),
  ioRedis(new ioredis5.Cluster([])),
  ioRedis(new ioredis6.Redis()),
  ioRedis(new ioredis6.Cluster([])),
]
export const stores: TokenStore[] = runners.map((run) => redisTokenStore(run))

export function mustNotCompile(): void {
  // @ts-expect-error a URL is no client
  nodeRedis('redis://127.0.0.1')
  // @ts-expect-error a module is no client
  ioRedis(ioredis6)
  // @ts-expect-error a client has yet to be made a function that runs scripts
  redisTokenStore(redis6.createClient())
}
