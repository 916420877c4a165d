// The provider: a process of its own, so that its CPU is nobody else's. Ends when its parent does.
import { fakeServer } from 'headgate/testing';
import { ANSWERS } from './scenario.ts';

const server = await fakeServer({ record: false });
for (const [model, answer] of Object.entries(ANSWERS)) server.on({ model }).always(answer);

process.on('disconnect', () => process.exit(0));
process.send?.(server.url);
