import { createGateway, isGatewayError, recommended, type CallReport, type Models } from 'headgate';
import { google } from 'headgate/providers/google';
import { fakeServer, mockProvider, type FakeServer } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, failure } from '../support/adapters.js';

const smart = { ...ask, model: 'smart' };
/** Gemini says no more than this when a prompt is too long for it. */
const INTERNAL = { status: 500, body: { error: { code: 500, message: 'An internal error has occurred.', status: 'INTERNAL' } } } as const;

describe('a failure of Gemini that may be a prompt that is too long', () => {
  let server: FakeServer;
  const [long, spare] = [mockProvider({ name: 'long' }), mockProvider({ name: 'spare' })];
  beforeEach(async () => {
    server = await fakeServer();
    for (const mock of [long, spare]) mock.reset();
  });
  afterEach(() => server.close());

  function gatewayOf(route: Models[string]) {
    const gemini = google({ name: 'gemini', apiKey: 'k', baseUrl: server.baseUrls.google });
    return createGateway({ providers: [gemini, long, spare], models: { smart: route }, interceptors: recommended({ retry: { minDelayMs: 0, maxDelayMs: 0 } }) });
  }

  const tried = (report: CallReport | undefined): readonly string[] => (report?.attempts ?? []).map(({ target, outcome }) => `${target.provider} ${outcome}`);

  it.each(['chat', 'stream'] as const)('is tried once more, and then goes where long prompts go: %s', async (form) => {
    const gateway = gatewayOf({ targets: ['gemini/m', 'spare/m'], onContextLength: ['long/m'] });
    server.reply(INTERNAL, INTERNAL);
    long.reply('from the long one');
    const { text, gateway: report } = form === 'chat' ? await gateway.chat(smart) : await gateway.stream(smart).response();
    expect(text).toBe('from the long one');
    expect(tried(report)).toEqual(['gemini server_error', 'gemini server_error', 'long ok']);
    await gateway.close();
  });

  it('was a failure after all when the second try answers', async () => {
    const gateway = gatewayOf({ targets: ['gemini/m'], onContextLength: ['long/m'] });
    server.reply(INTERNAL, 'well again');
    expect((await gateway.chat(smart)).text).toBe('well again');
    await gateway.close();
  });

  it('goes to the next target where the route has no such path', async () => {
    const gateway = gatewayOf(['gemini/m', 'spare/m']);
    server.reply(INTERNAL, INTERNAL);
    spare.reply('from the spare one');
    expect(tried((await gateway.chat(smart)).gateway)).toEqual(['gemini server_error', 'gemini server_error', 'spare ok']);
    await gateway.close();
  });

  it('goes on to the rest of the route when that path does not help', async () => {
    const gateway = gatewayOf({ targets: ['gemini/m', 'spare/m'], onContextLength: ['long/m'] });
    server.reply({ ...INTERNAL, headers: { 'x-should-retry': 'false' } });
    long.fail('overloaded');
    spare.reply('from the spare one');
    expect(tried((await gateway.chat(smart)).gateway)).toEqual(['gemini server_error', 'long overloaded', 'spare ok']);
    await gateway.close();
  });

  it('ends after two tries when it is the only target, and says what it may be', async () => {
    const gateway = gatewayOf('gemini/m');
    server.always(INTERNAL);
    const error = await failure(gateway.chat(smart));
    expect(error).toMatchObject({ code: 'server_error', mayMean: 'context_length', message: expect.stringContaining('It may also be context_length') });
    expect(isGatewayError(error) && tried(error.report)).toEqual(['gemini server_error', 'gemini server_error']);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ mayMean: 'context_length' });
    await gateway.close();
  });

  it('is a failure and nothing else where the answer gives its reason', async () => {
    const gateway = gatewayOf('gemini/m');
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'BACKEND_DOWN' }];
    server.always({ status: 500, body: { error: { ...INTERNAL.body.error, details } } });
    const error = await failure(gateway.chat(smart));
    expect(error).toMatchObject({ code: 'server_error', mayMean: undefined, report: { attempts: { length: 3 } } });
    await gateway.close();
  });
});
