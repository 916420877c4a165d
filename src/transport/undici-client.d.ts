// The whole of undici takes two to three times as long to load as its Client: docs/decisions/0002-transport.md.
// These paths are outside its semantic versioning, which is why package.json pins the exact version.
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net';
  import type { buildConnector } from 'undici';

  /** Unlike the published type says, the connector gives its socket, which is the only handle on a connection being made. */
  type SocketConnector = (...parameters: Parameters<buildConnector.connector>) => Socket;
  export default function connectorOf(options: buildConnector.BuildOptions): SocketConnector;
}
