// Streams: lazy, single reader, complete only with their end event.
import { createGateway, isGatewayError } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { loopback } from './support/loopback.ts';

await using local = await loopback({ text: 'Streams are async iterables.', chunkDelayMs: 20 }, { text: 'Half an ans', ending: 'cut' }, 'A long story, left early.');
const gateway = createGateway({ providers: [anthropic(local.anthropic)] });
const request = { model: 'anthropic/claude-sonnet-4-5', messages: [{ role: 'user', content: 'What is a stream?' }] } as const;

// #region text
for await (const text of gateway.stream(request).text()) process.stdout.write(text);
// #endregion text
console.log();

// #region events
try {
  for await (const event of gateway.stream(request)) {
    if (event.type === 'text-delta') process.stdout.write(event.text);
    if (event.type === 'end') console.log(event.response.usage); // only when the provider said that it was done
  }
} catch (error) {
  if (!isGatewayError(error, 'stream_interrupted')) throw error;
  console.log(`\ncut after: ${error.partial?.text}`); // a cut stream never looks complete
}
// #endregion events

// #region leave
const controller = new AbortController();
for await (const event of gateway.stream(request, { signal: controller.signal, timeoutMs: 30_000 })) {
  if (event.type === 'text-delta') break; // leaving closes the socket at once; so do an abort and the deadline
}
// #endregion leave
console.log('left early');

await gateway.close();
