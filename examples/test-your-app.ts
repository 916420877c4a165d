// Unit tests of your own code: no key, no network, and a call you did not expect fails the test.
import { createGateway, isGatewayError, type Gateway } from 'headgate';
import { mockProvider } from 'headgate/testing';
import assert from 'node:assert/strict';

// #region app
/** The code under test: it takes the gateway, so that a test can give it another. */
async function summarise(gateway: Gateway, text: string): Promise<string> {
  try {
    const response = await gateway.chat({
      model: 'openai/gpt-5-mini',
      messages: [{ role: 'system', content: 'Summarise in one sentence.' }, { role: 'user', content: text }],
    });
    return response.text;
  } catch (error) {
    if (isGatewayError(error, 'overloaded')) return '(no summary right now)';
    throw error;
  }
}
// #endregion app

// #region test
const mock = mockProvider({ name: 'openai' });
const gateway = createGateway({ providers: [mock] });

mock.reply('Cats sleep a lot.').fail('overloaded');
assert.equal(await summarise(gateway, 'A long text about cats …'), 'Cats sleep a lot.');
assert.equal(await summarise(gateway, 'A long text about dogs …'), '(no summary right now)');
assert.equal(mock.calls.length, 2);
mock.assertDone();
// #endregion test

console.log('two tests passed');
await gateway.close();
