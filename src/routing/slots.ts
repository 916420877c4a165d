import { createFairQueue, type Place } from './fair-queue.js';

export interface SlotsOptions {
  readonly max: number;
  readonly maxQueued: number;
}

/** A number of slots and a bounded queue for them. Bookkeeping only: it waits for nothing and knows no time. */
export interface Slots<T> {
  readonly taken: number;
  readonly queued: number;
  /** Takes a slot, if there is one. */
  enter(): boolean;
  /**
   * A place in the queue, when there was no slot. While the queue is full a negative priority gets none, and any other takes
   * that of a negative one, which is `shed`, if there is one.
   */
  wait(item: T, priority: number, tag: string): { readonly place: Place<T>; readonly shed: T | undefined } | undefined;
  /** One that waits gives up. False: it does not wait any more. */
  giveUp(place: Place<T>): boolean;
  /** Gives one slot back. It belongs to the returned one at once, if somebody waited. */
  leave(): T | undefined;
}

export function createSlots<T>({ max, maxQueued }: SlotsOptions): Slots<T> {
  const queue = createFairQueue<T>();
  let taken = 0;

  return {
    get taken() {
      return taken;
    },
    get queued() {
      return queue.size;
    },
    enter() {
      // While somebody waits there is none: one that comes free goes to the next in the queue at once.
      if (taken >= max) return false;
      taken++;
      return true;
    },
    wait(item, priority, tag) {
      if (queue.size < maxQueued) return { place: queue.push(item, priority, tag), shed: undefined };
      const last = queue.last();
      if (priority < 0 || last === undefined || last.priority >= 0) return undefined;
      queue.remove(last);
      return { place: queue.push(item, priority, tag), shed: last.item };
    },
    giveUp: (place) => queue.remove(place),
    leave() {
      const next = queue.shift();
      if (next === undefined) taken--;
      return next;
    },
  };
}
