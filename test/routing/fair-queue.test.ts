import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue, type Place } from '../../src/routing/fair-queue.js';

function drain<T>(queue: { shift(): T | undefined }): T[] {
  const items: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

describe('a fair queue', () => {
  it('gives the highest priority first, whenever it came', () => {
    const queue = createFairQueue<string>();
    for (const [item, priority] of [['low', -1], ['one', 0], ['high', 5], ['two', 0], ['higher', 5.5]] as const) queue.push(item, priority, '');
    expect(drain(queue)).toEqual(['higher', 'high', 'one', 'two', 'low']);
  });

  it('lets tags take turns within one priority, and keeps the order within a tag', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) queue.push(item, 0, item.charAt(0));
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('sends a tag that comes back to the end of the turns', () => {
    const queue = createFairQueue<string>();
    queue.push('a1', 0, 'a');
    queue.push('b1', 0, 'b');
    queue.push('b2', 0, 'b');
    expect(queue.shift()).toBe('a1');
    queue.push('a2', 0, 'a');
    expect(drain(queue)).toEqual(['b1', 'a2', 'b2']);
  });

  it('lets one that gave up go, once', () => {
    const queue = createFairQueue<string>();
    const place = queue.push('a', 0, 't');
    queue.push('b', 0, 't');
    expect([queue.remove(place), queue.remove(place), queue.size]).toEqual([true, false, 1]);
    expect(drain(queue)).toEqual(['b']);
    expect(queue.size).toBe(0);
  });

  it('would give up the last of the longest line of the lowest priority', () => {
    const queue = createFairQueue<string>();
    for (const [item, priority, tag] of [['x', 0, 'a'], ['b1', -1, 'b'], ['a1', -1, 'a'], ['a2', -1, 'a'], ['c1', -1, 'c']] as const) queue.push(item, priority, tag);
    expect(queue.last()?.item).toBe('a2');
    expect(queue.size).toBe(5);
  });

  it('does what a list of all who wait would do', () => {
    interface Waiting {
      readonly id: number;
      readonly priority: number;
      readonly tag: string;
    }
    const push = fc.record({ what: fc.constant('push' as const), priority: fc.integer({ min: -2, max: 2 }), tag: fc.constantFrom('a', 'b', 'c') });
    const other = fc.oneof(fc.constant({ what: 'shift' as const }), fc.nat().map((pick) => ({ what: 'remove' as const, pick })));
    fc.assert(
      fc.property(fc.array(fc.oneof(push, other), { maxLength: 80 }), (steps) => {
        const queue = createFairQueue<number>();
        const model: Waiting[] = [];
        const places = new Map<number, Place<number>>();
        /** Tags of a priority, in the order of their turns. */
        const turns = new Map<number, string[]>();
        steps.forEach((step, id) => {
          if (step.what === 'push') {
            places.set(id, queue.push(id, step.priority, step.tag));
            model.push({ id, priority: step.priority, tag: step.tag });
            const order = turns.get(step.priority) ?? [];
            turns.set(step.priority, order.includes(step.tag) ? order : [...order, step.tag]);
          } else if (step.what === 'shift') {
            const priority = Math.max(...model.map((waiting) => waiting.priority));
            const tag = turns.get(priority)?.[0];
            const expected = model.find((waiting) => waiting.priority === priority && waiting.tag === tag);
            expect(queue.shift()).toBe(expected?.id);
            if (expected !== undefined) {
              turns.set(priority, [...(turns.get(priority) ?? []).slice(1), expected.tag]);
              leave(expected);
            }
          } else {
            const waiting = model[step.pick % Math.max(1, model.length)];
            if (waiting === undefined) return;
            expect(queue.remove(places.get(waiting.id)!)).toBe(true);
            leave(waiting);
          }
          expect(queue.size).toBe(model.length);
        });

        function leave(waiting: Waiting): void {
          model.splice(model.indexOf(waiting), 1);
          if (model.some(({ priority, tag }) => priority === waiting.priority && tag === waiting.tag)) return;
          turns.set(waiting.priority, (turns.get(waiting.priority) ?? []).filter((tag) => tag !== waiting.tag));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('starves nobody within one priority: a tag waits for one of each other tag at most', () => {
    const arrivals = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(4)), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(arrivals, (steps) => {
        const queue = createFairQueue<string>();
        const waiting = new Map<string, number>();
        const passedOver = new Map<string, number>();
        for (const [tag, served] of steps) {
          queue.push(tag, 0, tag);
          waiting.set(tag, (waiting.get(tag) ?? 0) + 1);
          for (let at = 0; at < served - 1; at++) {
            const next = queue.shift();
            if (next === undefined) break;
            waiting.set(next, (waiting.get(next) ?? 0) - 1);
            passedOver.set(next, 0);
            for (const [other, count] of waiting) if (other !== next && count > 0) passedOver.set(other, (passedOver.get(other) ?? 0) + 1);
            expect(Math.max(0, ...passedOver.values())).toBeLessThanOrEqual(3);
          }
        }
      }),
    );
  });
});
