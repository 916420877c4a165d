// What only a real socket shows: a cut connection, a stall, a proxy's web page. The server speaks the vendors' own protocols.
import { createGateway, isGatewayError } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { fakeServer } from 'headgate/testing';
import assert from 'node:assert/strict';

// #region server
const server = await fakeServer();
const gateway = createGateway({ providers: [openai({ apiKey: 'test', baseUrl: server.baseUrls.openai })] });
const request = { model: 'openai/gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hello' }] };

server.reply({ text: ['Hel', 'lo'], ending: 'reset' }); // the socket breaks in the middle
const failure = await gateway.stream(request).response().catch((error: unknown) => error);
assert.ok(isGatewayError(failure, 'stream_interrupted'));
assert.equal(failure.partial?.text, 'Hello');
// #endregion server

// #region faults
server
  .fail('provider_rate_limit', { retryAfterMs: 2000 }) // the vendor's own 429, with its headers
  .fail('network') // the socket is reset before an answer
  .fail('invalid_response') // 200, and a web page
  .reply({ text: 'cut anywhere', endAfterBytes: 120 })
  .reply({ text: ['a'], ending: 'malformed' }) // an event whose JSON breaks off
  .reply({ text: ['a'], ending: { giantEvent: 9_000_000 } })
  .reply({ text: 'byte by byte 👋', write: { bytes: 1 } })
  .reply({ status: 502, body: '<html>Bad gateway</html>' });
// #endregion faults
const codes = [];
for (let call = 0; call < 8; call++) codes.push(await gateway.stream(request).response().then(({ text }) => text, (error: unknown) => (isGatewayError(error) ? error.code : error)));
console.log(codes.join(', '));

// #region abort
server.reply({ text: ['Thinking '], ending: 'hang' });
const stream = gateway.stream(request);
await stream.open();
const sent = server.calls.at(-1);
const leftAt = Date.now();
await stream.cancel();
const closedAt = await sent?.closedByClient;
assert.ok(closedAt !== undefined && closedAt - leftAt < 250); // the vendor stops, and stops billing
// #endregion abort

await gateway.close();
await server.close();
