import type { Socket } from 'node:net';
import type { Client } from 'undici';

/** One socket, used by one exchange at a time, and opened again by itself when the server closed it in between. */
export interface Connection {
  readonly client: Client;
  /** The exchange is over and the socket is clean. */
  release(): void;
  /** Closes the socket at once, even while it is connecting. Safe to repeat. */
  destroy(): void;
}

/** The sockets of one origin. */
export interface Connections {
  take(): Connection;
  /** Closes idle sockets; those in use close when their exchange is over. */
  close(): void;
}

/** Times in milliseconds. */
export interface ConnectionSettings {
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly ca: string | readonly string[] | undefined;
}

/** Opens connections to an origin. */
export type OpenConnections = (origin: string) => Connections;

/** The openai SDK's own limit for a whole request. Only a backstop: the gateway's timeouts are shorter and say more, or ask for more patience. */
export const BACKSTOP_MS = 600_000;

/**
 * Loads undici's Client and nothing else of it.
 *
 * undici's own Pool is not used: it looks through all its clients at every dispatch, opens a socket where one is about
 * to be free, and offers no way to close a socket that is still connecting.
 */
export async function loadConnections(settings: ConnectionSettings): Promise<OpenConnections> {
  const [{ default: ClientClass }, { default: connectorOf }] = await Promise.all([import('undici/lib/dispatcher/client.js'), import('undici/lib/core/connect.js')]);
  const connect = connectorOf({
    allowH2: false,
    timeout: settings.connectTimeoutMs,
    ...(settings.ca !== undefined && { ca: [settings.ca].flat() }),
  });

  return (origin) => {
    // The last released first: the others may grow old and close.
    const idle: Connection[] = [];
    let closed = false;
    const parsed = new URL(origin);

    function open(): Connection {
      let connecting: Socket | undefined;
      const client = new ClientClass(parsed, {
        allowH2: false,
        pipelining: 1,
        headersTimeout: BACKSTOP_MS,
        bodyTimeout: BACKSTOP_MS,
        keepAliveTimeout: settings.keepAliveMs,
        connect(target, connected) {
          connecting = connect(target, (...result) => {
            connecting = undefined;
            connected(...result);
          });
        },
      });
      const connection: Connection = {
        client,
        release() {
          if (closed) connection.destroy();
          else idle.push(connection);
        },
        destroy() {
          client.destroy(done);
          // With an error, because only that makes the connector clear its timer.
          connecting?.destroy(new Error('no longer wanted'));
        },
      };
      client.on('disconnect', () => {
        const index = idle.indexOf(connection);
        if (index === -1) return;
        idle.splice(index, 1);
        connection.destroy();
      });
      return connection;
    }

    return {
      take: () => idle.pop() ?? open(),
      close() {
        closed = true;
        for (const connection of idle.splice(0)) connection.destroy();
      },
    };
  };
}

function done(): void {
  // undici wants someone to tell; the socket is closed already when it does
}
