import fc from 'fast-check';
import { createGateway, fallback, isGatewayError, ProviderError, retry, type CallReport, type GatewayError, type Interceptor, type ProviderAdapter, type ProviderCode, type Route } from 'headgate';
import { mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { ask, failure } from '../support/adapters.js';

const impatient = { minDelayMs: 0, maxDelayMs: 0, random: () => 0, budget: false } as const;
const smart = { ...ask, model: 'smart' };

const asked = (report: CallReport | undefined): readonly string[] => (report?.attempts ?? []).map(({ target }) => `${target.provider}${target.credential ?? ''}/${target.model}`);

describe('the limit of attempts over a whole call', () => {
  it('holds for a detour too: a retry before it is one target less behind it', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => mockProvider({ name }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
    const models = { smart: { targets: ['a/m', 'b/m'], onContextLength: ['c/one', 'c/two', 'c/three'] } };
    const gateway = createGateway({ providers: [a, b, c], models, interceptors: [fallback(), retry(impatient)] });
    a.fail('server_error').fail('server_error');
    b.fail('context_length');
    c.always({ error: 'server_error' });
    const error = (await failure(gateway.chat(smart))) as GatewayError;
    expect(error).toMatchObject({ code: 'exhausted' });
    expect(asked(error.report)).toEqual(['a/m', 'a/m', 'b/m', 'c/one', 'c/two']);
    expect(error.report?.decisions.filter(({ what }) => what === 'excluded')).toMatchObject([{ target: 'c/three', why: 'no attempt is left for it' }]);
  });

  it('is not used up by what was never tried again', async () => {
    const [a, c] = [mockProvider({ name: 'a' }), mockProvider({ name: 'c' })];
    const models = { smart: { targets: ['a/m'], onContextLength: ['c/one', 'c/two', 'c/three', 'c/four'] } };
    const gateway = createGateway({ providers: [a, c], models, interceptors: [fallback(), retry(impatient)] });
    a.fail('context_length');
    c.fail('server_error').fail('server_error').fail('server_error').reply('there');
    expect(asked((await gateway.chat(smart)).gateway)).toEqual(['a/m', 'c/one', 'c/two', 'c/three', 'c/four']);
  });

  it('is retry’s: an interceptor of one’s own that asks a target more often takes none from the next', async () => {
    const [a, b] = [mockProvider({ name: 'a' }), mockProvider({ name: 'b' })];
    const stubborn: Interceptor = { name: 'stubborn', intercept: (call, next) => next(call).catch(() => next(call)).catch(() => next(call)) };
    const gateway = createGateway({ providers: [a, b], models: { smart: ['a/m', 'b/m'] }, interceptors: [fallback(), stubborn] });
    a.always({ error: 'server_error' });
    b.reply('there');
    expect(asked((await gateway.chat(smart)).gateway)).toEqual(['a/m', 'a/m', 'a/m', 'b/m']);
  });

  it('counts each key of a provider as a candidate', async () => {
    const a = mockProvider({ name: 'a', credentials: ['1', '2', '3', '4'] });
    const gateway = createGateway({ providers: [a], models: { smart: ['a/m'] }, interceptors: [fallback(), retry(impatient)] });
    a.always({ error: 'quota_exhausted' });
    expect(asked(((await failure(gateway.chat(smart))) as GatewayError).report)).toEqual(['a1/m', 'a2/m', 'a3/m', 'a4/m']);
    a.always({ error: 'server_error' });
    expect(asked(((await failure(gateway.chat(smart))) as GatewayError).report)).toHaveLength(4);
  });

  it('is max(maxAttempts, candidates), whatever happens, wherever it leads', async () => {
    const codes: readonly ProviderCode[] = ['server_error', 'overloaded', 'network', 'provider_rate_limit', 'context_length', 'content_filter', 'authentication', 'not_found', 'quota_exhausted', 'stream_interrupted'];
    const targets = fc.uniqueArray(fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'c/1', 'd/1'), { minLength: 1, maxLength: 4 });
    const trouble = fc.record({ code: fc.constantFrom(...codes), midway: fc.boolean(), unclear: fc.boolean() });
    const routes = fc.record({ targets, onContextLength: targets, onContentFilter: targets });
    await fc.assert(
      fc.asyncProperty(routes, fc.array(trouble, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5 }), fc.boolean(), async (route, troubles, maxAttempts, streamed) => {
        const gateway = createGateway({
          providers: failing(troubles),
          models: { smart: route },
          interceptors: [fallback({ onStreamInterrupted: 'continue', onAuthentication: 'any' }), retry({ ...impatient, maxAttempts })],
        });
        const error = await failure(streamed ? gateway.stream(smart).response() : gateway.chat(smart));
        if (!isGatewayError(error)) throw error;
        expect(asked(error.report).length).toBeLessThanOrEqual(Math.max(maxAttempts, candidatesOf(route)));
      }),
      { numRuns: 500 },
    );
  });
});

interface Trouble {
  readonly code: ProviderCode;
  /** After some content, where it streams. */
  readonly midway: boolean;
  /** It may be the length of the prompt. */
  readonly unclear: boolean;
}

/** One after the other, over all of them, and then from the beginning. `b` has two keys. */
function failing(troubles: readonly Trouble[]): readonly ProviderAdapter[] {
  let at = 0;
  return ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    ...(name === 'b' && { credentials: ['first', 'second'] }),
    async *stream(_request, { sent }) {
      sent();
      const { code, midway, unclear } = troubles[at++ % troubles.length] as Trouble; // there is at least one
      if (midway) yield { type: 'text-delta', text: 'some ' };
      throw new ProviderError(code, 'it was told to fail', { certainty: 'refused', retryAfterMs: 0, mayMean: unclear ? 'context_length' : undefined });
    },
  }));
}

function candidatesOf({ targets, onContextLength = [], onContentFilter = [] }: Route): number {
  return [...new Set([...targets, ...onContextLength, ...onContentFilter])].reduce((sum, target) => sum + (String(target).startsWith('b/') ? 2 : 1), 0);
}
