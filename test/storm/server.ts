// The provider of the storm: a process of its own, so that its sockets are counted apart. Ends when its parent does.
import { fakeServer } from 'headgate/testing';
import { ANSWER, IDLE_SOCKET_MS } from './weather.ts';

const server = await fakeServer({ record: false, keepAliveMs: IDLE_SOCKET_MS });
server.always(ANSWER);

process.on('message', () => process.send?.(server.openSockets));
process.on('disconnect', () => process.exit(0));
process.send?.(server.baseUrls.openai);
