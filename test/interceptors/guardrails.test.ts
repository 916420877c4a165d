import { guardrails, type GuardRule, type RejectedError } from 'headgate';
import { interceptorSuite } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { ask, begin, collect, failure, finish, gatewayOf, streaming, text } from '../support/adapters.js';

/** Finds a word; replaces it with stars. */
function word(name: string, changes: Partial<GuardRule> = {}): GuardRule {
  return {
    name,
    stage: 'both',
    action: 'block',
    check({ texts }) {
      if (!texts.some((one) => one.includes(name))) return undefined;
      return { reason: 'a word that is not allowed', rewrite: texts.map((one) => [...one.matchAll(new RegExp(name, 'g'))].map(({ index }) => ({ start: index, end: index + name.length, text: '***' }))) };
    },
    ...changes,
  };
}

const chunks = (...pieces: readonly string[]) => streaming([begin, ...pieces.map(text), finish]);

describe('guardrails()', () => {
  for (const rules of [[word('secret', { stream: { windowCharacters: 10 } })], [word('secret', { action: 'rewrite', stream: { windowCharacters: 10 } })], [word('secret', { action: 'flag' })]]) {
    describe(`with a rule that would ${rules[0]?.action}`, () => {
      for (const { name, run } of interceptorSuite({ create: () => guardrails({ rules }) })) it(name, run);
    });
  }

  it('blocks an input before anything is sent', async () => {
    const error = await failure(gatewayOf(chunks('Fine.'), [guardrails({ rules: [word('secret')] })]).chat({ ...ask, messages: [{ role: 'user', content: 'a secret' }] }));
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: expect.stringContaining("'secret'"), report: { attempts: [] } });
  });

  it('blocks a word that was cut between two chunks, before any of it was read', async () => {
    const rules = [word('secret', { stage: 'output', stream: { windowCharacters: 6 } })];
    const gateway = gatewayOf(chunks('this is the sec', 'ret of it all'), [guardrails({ rules })]);
    const error = (await failure(collect(gateway.stream(ask)))) as RejectedError;
    expect(error).toMatchObject({ code: 'guardrail_blocked' });
    expect(error.partial?.text ?? '').not.toContain('sec');
  });

  it('rewrites the same in a stream as in a whole answer', async () => {
    const rules = [word('secret', { action: 'rewrite', stream: { windowCharacters: 6 } })];
    for (const pieces of [['no secret, a secret'], [...'no secret, a secret'], ['no se', 'cret, a sec', 'ret']]) {
      const gateway = gatewayOf(chunks(...pieces), [guardrails({ rules })]);
      expect((await gateway.stream(ask).response()).text).toBe('no ***, a ***');
      expect((await gateway.chat(ask)).text).toBe('no ***, a ***');
    }
  });
});
