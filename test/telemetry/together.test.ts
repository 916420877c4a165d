import { circuitBreaker, costMeter, createGateway, exactCache, fallback, timeout } from 'headgate';
import { redact } from 'headgate/redact';
import { telemetry } from 'headgate/telemetry';
import { mockProvider } from 'headgate/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../support/adapters.js';
import { haveFixtures } from '../support/fixtures.js';
import { checkOwnNames, checkSpan } from './conformance.js';
import { startRecorder } from './sdk.js';
import { treesOf } from './setting.js';
import { readSpecification } from './specification.js';

const recorder = startRecorder();
const specification = haveFixtures ? readSpecification() : undefined;
beforeEach(() => recorder.clear());
afterAll(() => recorder.stop());

// The interceptors themselves, not what a test says they would record.
describe('telemetry with the interceptors it tells of', () => {
  const mock = mockProvider({ name: 'openai' });
  const gateway = createGateway({
    providers: [mock],
    interceptors: [
      telemetry({ content: 'redacted', details: true }),
      redact(),
      exactCache({ scope: 'shared' }),
      fallback(),
      circuitBreaker({ minOutcomes: 1 }),
      timeout({ firstContentMs: 20 }),
      costMeter({ prices: { 'openai/*': { input: 1000, output: 2000 } } }),
    ],
  });
  afterAll(() => gateway.close());
  const ask = (text: string, model = 'openai/m') => ({ model, messages: [{ role: 'user', content: text }] }) as const;

  it('a redacted call: the address in no exporter, and back in the answer', async () => {
    mock.reply(({ text }) => ({ text: `You wrote ${text.slice('Mail '.length)}` }));
    const { text } = await gateway.stream(ask('Mail ann@example.com')).response();
    expect(text).toBe('You wrote ann@example.com');
    expect(await recorder.everything()).not.toContain('ann@');
    const [tree] = treesOf(recorder);
    expect(tree?.call.attributes).toMatchObject({ 'headgate.redactions': 1, 'headgate.cache.result': 'miss', 'headgate.cost.total': 0.02, 'gen_ai.input.messages': expect.stringContaining('EMAIL'), 'gen_ai.output.messages': expect.stringContaining('EMAIL') });
    expect(tree?.attempts.map(({ attributes }) => attributes['headgate.attempt.cost'])).toEqual([0.02]);
  });

  it('a hit: what it avoided, and no attempt', async () => {
    mock.reply('Four.');
    await gateway.chat(ask('2 + 2?'));
    recorder.clear();
    await gateway.chat(ask('2 + 2?'));
    const [tree] = treesOf(recorder);
    expect(tree?.attempts).toEqual([]);
    expect(tree?.call.attributes).toMatchObject({ 'headgate.cache.result': 'hit', 'headgate.cache.kind': 'exact', 'headgate.cost.saved': 0.02, 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'm' });
    expect(tree?.call.attributes).not.toHaveProperty(['gen_ai.usage.input_tokens']);
  });

  it('a timeout that opens a circuit: on its attempt, and as no wait of ours', async () => {
    mock.reply({ text: 'late', delayMs: 1000 });
    await failure(gateway.stream(ask('slow?', 'openai/slow')).response());
    const [tree] = treesOf(recorder);
    expect(tree?.call.attributes).toMatchObject({ 'error.type': 'first_content_timeout' });
    expect(tree?.call.attributes).not.toHaveProperty(['headgate.wait']);
    expect(tree?.attempts.map(({ attributes }) => [attributes['error.type'], attributes['headgate.circuit']])).toEqual([['first_content_timeout', 'open']]);
    expect(await recorder.points('headgate.wait.duration')).toEqual([]);
    expect((await recorder.points('headgate.circuit.state')).map(({ attributes, value }) => [attributes['headgate.target'], value])).toEqual([['openai/slow', 2]]);
    recorder.clear();
    await failure(gateway.chat(ask('still?', 'openai/slow')));
    expect(treesOf(recorder)[0]?.call.attributes).toMatchObject({ 'error.type': 'circuit_open', 'headgate.attempts': 0, 'headgate.rejected_by': 'circuit-breaker' });
  });

  it('a stream that is left: its attempt has its end and its cost', async () => {
    mock.reply({ text: ['half ', 'whole'], ending: 'hang' });
    for await (const event of gateway.stream(ask('go on', 'openai/left'))) if (event.type === 'text-delta') break;
    await new Promise((resolve) => setTimeout(resolve, 10));
    const [tree] = treesOf(recorder);
    expect(tree?.call.attributes['error.type']).toBe('cancelled');
    expect(tree?.attempts.map(({ ended, attributes }) => [ended, typeof attributes['headgate.attempt.cost'], attributes['error.type']])).toEqual([[true, 'number', 'cancelled']]);
  });

  it('all keep to the conventions', async () => {
    mock.always('x');
    for (const text of ['a', 'b', 'a']) await gateway.chat(ask(text, 'openai/last'));
    for (const { kind, attributes } of recorder.spans) checkOwnNames(attributes, kind === 2 ? 'call' : 'attempt');
    if (specification !== undefined) for (const { call } of treesOf(recorder)) checkSpan(call, specification);
  });
});
