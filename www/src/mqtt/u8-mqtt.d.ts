// What this page uses of u8-mqtt, which comes without types: MQTT 3.1.1, without its router of topics.

declare module 'u8-mqtt/esm/web/basic-v4.js' {
  interface Packet {
    readonly topic: string
    readonly payload: Uint8Array
    readonly qos: 0 | 1 | 2
    readonly retain: boolean
    readonly pkt_id: number
    /** Of the answer to a subscription, one for each filter; 0x80 and above: refused. */
    readonly answers?: readonly number[]
  }

  /** Absent where nothing came in time. */
  type Answer = readonly [packet?: Packet]

  interface Publication {
    topic: string
    payload: Uint8Array
    qos: number
  }

  interface Client {
    with_websock(socket: WebSocket): Client
    /** Fails with the broker's code in `reason`, a number as an object. */
    connect(packet: {
      client_id: string
      username: string
      password: string
      keep_alive: number
      flags: { clean_start: boolean }
    }): Promise<Answer>
    disconnect(): Promise<unknown>
    subscribe(topics: (readonly [filter: string, options: { qos: number }])[]): Promise<Answer>
    unsubscribe(topics: string[]): Promise<Answer>
    pub(packet: Publication): Promise<Answer>
    /** Sends a packet that has no answer. */
    _send(type: 'publish', packet: Publication): Promise<unknown>
    puback(packet: { pkt_id: number }): Promise<unknown>
  }

  export function mqtt(options: {
    on_mqtt_type: { mqtt_publish(packet: Packet): void }
    on_error(error: unknown): void
    on_disconnect(): void
    log_conn(): void
  }): Client
}
