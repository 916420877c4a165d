// Everything a mock provider can be told, and what it can be asked afterwards.
import { createGateway, isGatewayError } from 'headgate';
import { mockProvider } from 'headgate/testing';
import assert from 'node:assert/strict';

const mock = mockProvider();
const gateway = createGateway({ providers: [mock] });
const ask = (content: string) => gateway.chat({ model: 'mock/any', messages: [{ role: 'user', content }] });
const stream = (content: string) => gateway.stream({ model: 'mock/any', messages: [{ role: 'user', content }] });

// #region answers
mock
  .reply('Plain text')
  .reply({ text: 'With tokens counted', usage: { inputTokens: 20, outputTokens: 4 } })
  .reply({ reasoning: 'Hm.', text: 'One moment.', toolCalls: [{ name: 'weather', input: { city: 'Bern' } }] })
  .reply({ object: { city: 'Bern', people: 134_000 } })
  .reply({ text: 'Half an ans', finishReason: 'length' });
// #endregion answers
const said = [];
for (let call = 0; call < 5; call++) said.push(await ask('Say it'));
assert.deepEqual(said.map(({ finishReason }) => finishReason), ['stop', 'stop', 'tool-calls', 'stop', 'length']);
assert.equal(said[2]?.toolCalls[0]?.id, 'call_1');
mock.assertDone();

// #region streams
mock
  .reply('Streams word by word')
  .reply({ text: ['exactly ', 'these ', 'pieces'], chunkDelayMs: 5 })
  .reply({ text: 'in pieces of four characters', chunkSize: 4 });
// #endregion streams
for (let call = 0; call < 3; call++) assert.ok((await stream('Say it').response()).text.length > 0);

// #region failures
mock
  .fail('overloaded', { retryAfterMs: 2000 })
  .fail('network', { certainty: 'possibly_billed' })
  .reply({ text: ['half ', 'an '], ending: 'cut' }) // no terminal marker
  .reply({ text: ['half '], ending: { error: 'server_error' } }) // an error inside the stream
  .reply({ text: ['half '], ending: 'hang' }) // until you abort
  .reply({ text: 'never comes', delayMs: Infinity, ignoreAbort: true }); // and does not even notice that you did
// #endregion failures
for (const code of ['overloaded', 'network', 'stream_interrupted', 'stream_interrupted']) {
  await assert.rejects(stream('Say it').response(), (error) => isGatewayError(error) && error.code === code);
}
for (let call = 0; call < 2; call++) await assert.rejects(gateway.chat({ model: 'mock/any', messages: [{ role: 'user', content: 'x' }] }, { timeoutMs: 20 }), (error) => isGatewayError(error, 'deadline_exceeded'));

// #region matchers
mock.on({ text: /weather/, streaming: false }).reply('It rains.');
mock.on({ model: 'large' }).fail('quota_exhausted');
mock.on((call) => call.credential === 'spare').always('By the other key');
mock.always((call) => `You said: ${call.text}`);
// #endregion matchers
assert.equal((await ask('How is the weather?')).text, 'It rains.');
assert.equal((await ask('Anything else?')).text, 'You said: Anything else?');

// #region calls
const [first] = mock.calls;
assert.equal(first?.model, 'any');
assert.equal(first?.operation === 'chat' && first.request.messages.length, 1);
assert.equal(first?.aborted, false);
// #endregion calls

mock.reset();
// #region embeddings
mock.reply({ embeddings: [[0.1, 0.9]] });
mock.always({ embeddings: { dimensions: 8 } }); // made from the text: equal texts, equal vectors
// #endregion embeddings
assert.deepEqual((await gateway.embed({ model: 'mock/embed', input: ['a'] })).embeddings, [[0.1, 0.9]]);
assert.equal((await gateway.embed({ model: 'mock/embed', input: ['a', 'b'] })).embeddings[1]?.length, 8);

// #region strict
mock.reset();
mock.on({ model: 'large' }).reply('Hello');
const failure = await ask('Are you there?').catch((error: unknown) => error);
// #endregion strict
console.log(String(failure));
await gateway.close();
