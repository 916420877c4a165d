import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/routing/fair-queue.js';
import { createSlots } from '../../src/routing/slots.js';

describe('slots', () => {
  it('pass from one that leaves to one that waits, without coming free between', () => {
    const slots = createSlots<string>({ max: 1, maxQueued: 2 });
    expect([slots.enter(), slots.enter()]).toEqual([true, false]);
    slots.wait('next', 0, '');
    expect(slots.leave()).toBe('next');
    expect([slots.enter(), slots.taken, slots.queued]).toEqual([false, 1, 0]);
    expect(slots.leave()).toBeUndefined();
    expect(slots.enter()).toBe(true);
  });

  it('queue no negative priority while the queue is full, and give its place to any other', () => {
    const slots = createSlots<string>({ max: 1, maxQueued: 2 });
    slots.enter();
    slots.wait('a', -1, '');
    slots.wait('b', -5, '');
    expect(slots.wait('c', -0.5, '')).toBeUndefined();
    expect(slots.wait('d', 0, '')?.shed).toBe('b');
    expect(slots.wait('e', 3, '')?.shed).toBe('a');
    expect(slots.wait('f', 9, '')).toBeUndefined();
    expect([slots.leave(), slots.leave(), slots.leave()]).toEqual(['e', 'd', undefined]);
  });

  it('have no queue when it may hold none', () => {
    const slots = createSlots<string>({ max: 1, maxQueued: 0 });
    slots.enter();
    expect(slots.wait('a', 9, '')).toBeUndefined();
  });

  it('are never lost, never more than there are, and never idle while somebody waits, in 10,000 random runs', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ what: fc.constant('come' as const), priority: fc.integer({ min: -2, max: 2 }), tag: fc.constantFrom('a', 'b') }) },
      { weight: 3, arbitrary: fc.constant({ what: 'leave' as const }) },
      { weight: 2, arbitrary: fc.nat().map((pick) => ({ what: 'give up' as const, pick })) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(5), fc.array(step, { maxLength: 60 }), (max, maxQueued, steps) => {
        const slots = createSlots<number>({ max, maxQueued });
        const inside = new Set<number>();
        const waiting = new Map<number, Place<number>>();
        steps.forEach((each, id) => {
          if (each.what === 'come') {
            if (slots.enter()) inside.add(id);
            else {
              const queued = slots.wait(id, each.priority, each.tag);
              if (queued !== undefined) waiting.set(id, queued.place);
              if (queued?.shed !== undefined) expect(waiting.delete(queued.shed)).toBe(true);
            }
          } else if (each.what === 'leave') {
            const [leaver] = inside;
            if (leaver === undefined) return;
            inside.delete(leaver);
            const next = slots.leave();
            if (next !== undefined) {
              expect(waiting.delete(next)).toBe(true);
              inside.add(next);
            }
          } else {
            const [id, place] = [...waiting][each.pick % Math.max(1, waiting.size)] ?? [];
            if (id === undefined || place === undefined) return;
            expect(slots.giveUp(place)).toBe(true);
            expect(slots.giveUp(place)).toBe(false);
            waiting.delete(id);
          }
          expect(slots.taken).toBe(inside.size);
          expect(slots.queued).toBe(waiting.size);
          expect(inside.size).toBeLessThanOrEqual(max);
          expect(waiting.size).toBeLessThanOrEqual(maxQueued);
          if (waiting.size > 0) expect(inside.size).toBe(max);
        });
      }),
      { numRuns: 10_000 },
    );
  });
});
