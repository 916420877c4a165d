import type { AssistantPart, ChatDelta } from 'headgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fold } from '../../src/core/fold.js';
import { unfold } from '../../src/message/content.js';

function folded(...deltas: readonly ChatDelta[]): readonly AssistantPart[] {
  const fold = new Fold();
  for (const delta of deltas) fold.push(delta);
  return fold.content();
}

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>;
const providerData = fc.option(fc.record({ vendor: fc.record({ signature: fc.string() }) }), { nil: undefined });
const extra = <T extends object>(part: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.tuple(part, providerData).map(([value, data]) => (data === undefined ? value : { ...value, providerData: data }));
const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  extra(fc.record({ type: fc.constant('text' as const), text: fc.string({ minLength: 1, unit: 'binary' }) })),
  extra(fc.record({ type: fc.constant('reasoning' as const), text: fc.string({ minLength: 1 }) })),
  extra(fc.record({ type: fc.constant('refusal' as const), text: fc.string({ minLength: 1 }) })),
  extra(fc.record({ type: fc.constant('tool-call' as const), id: fc.uuid(), name: fc.string({ minLength: 1 }), input: fc.dictionary(fc.constantFrom('a', 'b', 'c'), json) })),
  fc.record({ type: fc.constant('opaque' as const), provider: fc.constant('x'), kind: fc.constant('search'), data: json }),
);

describe('fold', () => {
  it('gives back what unfold took apart, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.nat(5), (content, size) => {
        const deltas = unfold(content).flatMap((delta): ChatDelta[] => {
          if (delta.type !== 'text-delta' && delta.type !== 'tool-call-delta') return [delta];
          const whole = delta.type === 'text-delta' ? delta.text : delta.json;
          const pieces = whole.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [''];
          return pieces.map((piece) => (delta.type === 'text-delta' ? { ...delta, text: piece } : { ...delta, json: piece }));
        });
        // JSON has no -0: what went out as text comes back as 0.
        expect(folded(...deltas)).toEqual(JSON.parse(JSON.stringify(content)));
      }),
    );
  });

  it('makes one part of deltas of one kind until part-end or another kind', () => {
    expect(folded({ type: 'text-delta', text: 'a' }, { type: 'text-delta', text: 'b' }, { type: 'part-end' }, { type: 'text-delta', text: 'c' }, { type: 'reasoning-delta', text: 'd' }, { type: 'text-delta', text: 'e' })).toEqual([
      { type: 'text', text: 'ab' },
      { type: 'text', text: 'c' },
      { type: 'reasoning', text: 'd' },
      { type: 'text', text: 'e' },
    ]);
  });

  it('keeps an empty part that brings a signature, and drops one that brings nothing', () => {
    const data = { vendor: { signature: 's' } };
    expect(folded({ type: 'reasoning-delta', text: '' }, { type: 'part-end', providerData: data }, { type: 'text-delta', text: '' }, { type: 'part-end' })).toEqual([{ type: 'reasoning', text: '', providerData: data }]);
  });

  it('joins the arguments of parallel calls by id, each in the place where it began', () => {
    expect(
      folded(
        { type: 'tool-call-start', id: 'a', name: 'f' },
        { type: 'tool-call-start', id: 'b', name: 'g' },
        { type: 'tool-call-delta', id: 'b', json: '{"y"' },
        { type: 'tool-call-delta', id: 'a', json: '{"x":1}' },
        { type: 'tool-call-delta', id: 'b', json: ':2}' },
        { type: 'tool-call-end', id: 'b' },
        { type: 'tool-call-end', id: 'a' },
      ),
    ).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'tool-call', id: 'b', name: 'g', input: { y: 2 } },
    ]);
  });

  it('reads a call without arguments as an empty object', () => {
    expect(folded({ type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-end', id: 'a' })).toEqual([{ type: 'tool-call', id: 'a', name: 'f', input: {} }]);
  });

  it.each([
    ['cut short', '{"a":'],
    ['not JSON', 'a=1'],
    ['reaching for a prototype', '{"__proto__":{"admin":true}}'],
    ['hiding that', '{"a":[{"\\u005f_proto__":1}]}'],
    ['reaching through the constructor', '{"constructor":{"prototype":{"admin":true}}}'],
  ])('keeps arguments as text when they are %s', (_name, args) => {
    const content = folded({ type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-delta', id: 'a', json: args }, { type: 'tool-call-end', id: 'a' });
    expect(content).toEqual([{ type: 'tool-call', id: 'a', name: 'f', input: null, invalidInput: args }]);
    expect(Object.prototype).not.toHaveProperty('admin');
  });

  it('survives arguments nested a hundred thousand deep', () => {
    const args = `${'{"__proto__x":'.repeat(1)}${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(() => folded({ type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-delta', id: 'a', json: args }, { type: 'tool-call-end', id: 'a' })).not.toThrow();
  });

  it('shows what is open as far as it has come, and goes on undisturbed', () => {
    const fold = new Fold();
    fold.push({ type: 'text-delta', text: 'a' });
    expect(fold.content()).toEqual([{ type: 'text', text: 'a' }]);
    fold.push({ type: 'text-delta', text: 'b' });
    fold.push({ type: 'tool-call-start', id: 'a', name: 'f' });
    fold.push({ type: 'tool-call-delta', id: 'a', json: '{"x":' });
    expect(fold.content()).toEqual([{ type: 'text', text: 'ab' }, { type: 'tool-call', id: 'a', name: 'f', input: null, invalidInput: '{"x":' }]);
  });

  it('refuses to go on with a call that was not started', () => {
    expect(() => folded({ type: 'tool-call-delta', id: 'nobody', json: '{}' })).toThrow(/had not started/);
  });
});
