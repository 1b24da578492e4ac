import type { JetStreamClient, PubAck } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { LoggedEvent } from '#platform/event-log/read'
import type { EventSink } from '#platform/event-log/sink'

export type NatsOptions = { url: string; stream: string; prefix: string; timeout_ms: number }

/** Within this time JetStream drops what was published twice, by its event id. */
const DUPLICATES_MS = 10 * 60_000
/** How long a stream that we make keeps events: it is a way out, not the archive. */
const KEPT_MS = 7 * 24 * 60 * 60_000
/** Entities whose events are under way at once. */
const CHAINS_AT_ONCE = 64

/**
 * NATS JetStream as a sink of events: subject `PREFIX.order.created`, message id = event id. Events
 * of one entity are confirmed one after another; those of different entities travel together.
 */
export function natsStream(options: NatsOptions): EventSink {
  let opening: Promise<Opened> | undefined
  const opened = async (): Promise<Opened> => {
    opening ??= open(options)
    try {
      const client = await opening
      if (!client.connection.isClosed()) return client
    } catch (error) {
      opening = undefined
      throw error
    }
    opening = undefined
    return opened()
  }
  return {
    name: 'nats',
    async publish(events) {
      const { jetstream } = await opened()
      return publishInOrder(events, (event) => publishOne(jetstream, options, event))
    },
    async ping() {
      const { connection } = await opened()
      await connection.flush()
    },
    async close() {
      const client = await opening?.catch(() => undefined)
      await client?.connection.close()
    },
  }
}

type Opened = { connection: NatsConnection; jetstream: JetStreamClient }

/** Connects and sees to it that the stream exists; one that is there is left as it is. */
async function open({ url, stream, prefix, timeout_ms }: NatsOptions): Promise<Opened> {
  const [{ connect, nanos }, { jetstream, jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ])
  const connection = await connect({
    servers: url,
    name: 'tradepost',
    timeout: timeout_ms,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  })
  try {
    const manager = await jetstreamManager(connection, { timeout: timeout_ms })
    const isThere = await manager.streams.info(stream).then(
      () => true,
      (error: { code?: number; name?: string }) => {
        if (isNotFound(error)) return false
        throw error
      },
    )
    if (!isThere) {
      await manager.streams.add({
        name: stream,
        subjects: [`${prefix}.>`],
        duplicate_window: nanos(DUPLICATES_MS),
        max_age: nanos(KEPT_MS),
      })
    }
    return { connection, jetstream: jetstream(connection, { timeout: timeout_ms }) }
  } catch (error) {
    await connection.close()
    throw error
  }
}

const isNotFound = (error: { code?: number; name?: string }) =>
  error.name === 'StreamNotFoundError' || error.code === 10059 || error.code === 404

function publishOne(
  jetstream: JetStreamClient,
  { prefix, timeout_ms }: NatsOptions,
  event: LoggedEvent,
): Promise<PubAck> {
  const body = {
    id: event.id,
    type: event.name,
    version: event.schema_version,
    timestamp: event.occurred_at,
    entity: { type: event.entity_type, id: event.entity_id, sequence: event.sequence },
    data: event.payload,
  }
  return jetstream.publish(`${prefix}.${event.name}`, JSON.stringify(body), {
    msgID: event.id,
    timeout: timeout_ms,
  })
}

/**
 * Publishes each entity's events one by one and many entities side by side; answers how many, from
 * the first on, are confirmed. Behind a failure nothing of that entity is tried.
 */
export async function publishInOrder(
  events: readonly LoggedEvent[],
  publish: (event: LoggedEvent) => Promise<unknown>,
): Promise<number> {
  const chains = [...Map.groupBy(events, ({ entity_id }) => entity_id).values()]
  const done = new Set<LoggedEvent>()
  let failure: unknown
  const serve = async () => {
    for (let chain = chains.shift(); chain && !failure; chain = chains.shift()) {
      for (const event of chain) {
        try {
          await publish(event)
        } catch (error) {
          failure ??= error ?? new Error('not published')
          break
        }
        done.add(event)
      }
    }
  }
  await Promise.all(Array.from({ length: CHAINS_AT_ONCE }, serve))
  const first = events.findIndex((event) => !done.has(event))
  if (first === 0) throw failure
  return first < 0 ? events.length : first
}
