import type { AdapterEvent, EagerIterator } from '../types/adapter.js';

/**
 * Events of a request that is sent when the first of them is asked for: a stream nobody reads costs nothing. Once the
 * answer is there the reader talks to the events themselves, so an event costs nothing here.
 */
export function lazyEvents(open: () => Promise<EagerIterator<AdapterEvent>>): AsyncIterable<AdapterEvent> {
  return { [Symbol.asyncIterator]: () => lazyIterator(open) };
}

function lazyIterator(open: () => Promise<EagerIterator<AdapterEvent>>): EagerIterator<AdapterEvent> {
  let events: EagerIterator<AdapterEvent> | undefined;
  let opening: Promise<IteratorResult<AdapterEvent>> | undefined;
  let left = false;

  async function start(): Promise<IteratorResult<AdapterEvent>> {
    const opened = await open();
    opening = undefined; // it holds the first event
    if (!left) return (events = opened).next();
    await opened.return?.(); // the reader left before the answer came
    return DONE;
  }

  return {
    next() {
      if (left) return Promise.resolve(DONE);
      if (events !== undefined) return events.next();
      if (opening !== undefined) return opening.then(this.next.bind(this));
      return (opening = start().catch((error: unknown) => {
        left = true; // an error is told once
        throw error;
      }));
    },
    ready: () => (left ? undefined : events?.ready?.()),
    async return() {
      left = true;
      await events?.return?.();
      return DONE;
    },
  };
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
