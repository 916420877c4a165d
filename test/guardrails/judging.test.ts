import { guardrails, type Decision, type GuardRule } from 'headgate';
import { describe, expect, it } from 'vitest';
import { ask, answering, begin, collect, failure, finish, gatewayOf, streaming, text } from '../support/adapters.js';

const rule = (name: string, check: GuardRule['check'], more: Partial<GuardRule> = {}): GuardRule => ({ name, stage: 'input', action: 'block', check, ...more });
const finds = (reason = 'found'): GuardRule['check'] => () => ({ reason });
const verdicts = (decisions: readonly Decision[] | undefined) => decisions?.flatMap((decision) => (decision.what === 'guardrail' ? [`${decision.rule}: ${decision.verdict}`] : []));
const chat = (...rules: readonly GuardRule[]) => gatewayOf(answering('Fine.'), [guardrails({ rules })]).chat(ask);

describe('rules', () => {
  it('look side by side: two slow checks take as long as one', async () => {
    let running = 0;
    let most = 0;
    const slow: GuardRule['check'] = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running--;
      return undefined;
    };
    await chat(rule('one', slow), rule('two', slow), rule('three', slow));
    expect(most).toBe(3);
  });

  it('of which one blocks, block; what the others found is recorded too', async () => {
    const error = (await failure(chat(rule('soft', finds(), { action: 'flag' }), rule('change', () => ({ reason: 'changed', rewrite: ['x'] }), { action: 'rewrite' }), rule('hard', finds('no'))))) as { report?: { decisions: Decision[] } };
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: "the input was blocked by the guardrail 'hard': no" });
    expect(verdicts(error.report?.decisions)).toEqual(['soft: flag', 'change: rewrite', 'hard: block']);
  });

  it('that only flag change nothing and hold nothing back', async () => {
    const events = await collect(gatewayOf(streaming([begin, text('a'), text('b'), finish]), [guardrails({ rules: [rule('soft', finds(), { stage: 'output', action: 'flag' })] })]).stream(ask));
    expect(events.map(({ type }) => type)).toEqual(['start', 'text-delta', 'text-delta', 'end']);
    expect(verdicts(events.at(-1)?.type === 'end' ? (events.at(-1) as Extract<(typeof events)[number], { type: 'end' }>).response.gateway?.decisions : [])).toEqual(['soft: flag']);
  });

  it('that fail or hang block, or let pass when they are told to or only flag', async () => {
    const throws: GuardRule['check'] = () => { throw new Error('secret words'); };
    const hangs: GuardRule['check'] = () => new Promise(() => {});
    const error = await failure(chat(rule('broken', throws)));
    expect(error).toMatchObject({ code: 'guardrail_blocked', message: expect.stringContaining('its check failed') });
    expect(String(error)).not.toContain('secret words');
    expect(await failure(chat(rule('stuck', hangs, { timeoutMs: 20 })))).toMatchObject({ message: expect.stringContaining('longer than 20 ms') });
    expect(verdicts((await chat(rule('broken', throws, { onError: 'open' }), rule('stuck', hangs, { timeoutMs: 20, action: 'flag' }))).gateway?.decisions)).toEqual(['broken: flag', 'stuck: flag']);
  });

  it('are told to stop when their time is over', async () => {
    let stopped = false;
    await failure(chat(rule('stuck', ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (stopped = true))), { timeoutMs: 10 })));
    expect(stopped).toBe(true);
  });

  it('look at the share of calls that they are given', async () => {
    const draws = [0.4, 0.6];
    let looked = 0;
    const half = rule('half', () => ((looked++), undefined), { sample: 0.5 });
    const gateway = gatewayOf(answering('Fine.'), [guardrails({ rules: [half], random: () => draws.shift() ?? 1 })]);
    await gateway.chat(ask);
    await gateway.chat(ask);
    expect(looked).toBe(1);
  });

  it('look at the inputs of embeddings', async () => {
    const adapter = { name: 'x', embed: async () => ({ model: 'm', embeddings: [[1]] }) };
    const gateway = gatewayOf(adapter, [guardrails({ rules: [rule('word', ({ texts }) => (texts.includes('bad') ? { reason: 'a word' } : undefined))] })]);
    await expect(gateway.embed({ model: 'x/m', input: ['good'] })).resolves.toMatchObject({ embeddings: [[1]] });
    expect(await failure(gateway.embed({ model: 'x/m', input: ['bad'] }))).toMatchObject({ code: 'guardrail_blocked' });
  });

  it("that judge 'after' end a stream where its end would have been, with what was read", async () => {
    const gateway = gatewayOf(streaming([begin, text('all of '), text('it'), finish]), [guardrails({ rules: [rule('late', finds('too late'), { stage: 'output', stream: 'after' })] })]);
    const seen: string[] = [];
    const error = await failure((async () => { for await (const piece of gateway.stream(ask).text()) seen.push(piece); })());
    expect(seen).toEqual(['all of ', 'it']);
    expect(error).toMatchObject({ code: 'guardrail_blocked', partial: { text: 'all of it' } });
  });

  it("that 'buffer' let nothing through before they have seen it all, then every piece as it came", async () => {
    const order: string[] = [];
    const look = rule('whole', ({ texts }) => void order.push(`judged ${texts.join()}`), { stage: 'output' });
    const gateway = gatewayOf(streaming([begin, text('a'), text('b'), finish]), [guardrails({ rules: [look] })]);
    for await (const piece of gateway.stream(ask).text()) order.push(piece);
    expect(order).toEqual(['judged ab', 'a', 'b']);
  });

  it('on a window never give out half a character', async () => {
    const said = '😀'.repeat(40);
    const gateway = gatewayOf(streaming([begin, ...[...said.matchAll(/[\s\S]/g)].map(([unit]) => text(unit)), finish]), [guardrails({ rules: [rule('none', () => undefined, { stage: 'output', stream: { windowCharacters: 5 } })] })]);
    const pieces: string[] = [];
    for await (const piece of gateway.stream(ask).text()) pieces.push(piece);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
    expect(pieces.join('')).toBe(said);
  });

  it.each([
    [{ rules: [] }, 'rules: wanted a list of at least one'],
    [{ rules: [rule('', finds())] }, 'rules[0].name'],
    [{ rules: [rule('a', finds()), rule('a', finds())] }, "two are named 'a'"],
    [{ rules: [rule('a', finds(), { sample: 2 })] }, 'rules[0].sample: wanted a share, 0 to 1, got 2'],
    [{ rules: [rule('a', finds(), { stage: 'inside' as 'input' })] }, 'rules[0].stage'],
    [{ rules: [rule('a', finds(), { stream: { windowCharacters: 0 } })] }, 'rules[0].stream.windowCharacters'],
    [{ rules: [rule('a', finds(), { action: 'rewrite', stream: 'after' })] }, 'what has been read cannot be rewritten'],
  ])('that cannot work are refused: %#', (options, why) => {
    expect(() => guardrails(options)).toThrow(why);
  });
});
