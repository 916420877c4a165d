import { onAbort } from '../core/abort.js';
import type { Call } from '../core/call.js';
import type { Next } from '../core/interceptor.js';
import type { Reply } from '../core/reply.js';
import { share } from '../core/share.js';
import type { Making } from './eligibility.js';

/** One call below, and all who wait for the same answer. */
export interface Flight {
  /** As they were when it began. */
  readonly generations: readonly string[] | undefined;
  join(reader: Call): Promise<Reply>;
  /** How the answer was made. There before any reader has its end. */
  making: Making | undefined;
  /** The entry, while it is on its way into the store. */
  text: string | undefined;
}

/** The calls under way, by the key of what they ask. */
export interface Flights {
  /** One that may be joined. What began under another generation is past. */
  find(key: string, generations: readonly string[] | undefined): Flight | undefined;
  /** Whatever is there. */
  peek(key: string): Flight | undefined;
  /** A new one, which takes the place of an older: whoever comes from now on joins this. Sent with the first who joins. */
  open(key: string, call: Call, generations: readonly string[] | undefined, send: (shared: Call, flight: Flight) => Promise<Reply>): Flight;
  /** Nobody joins it any more, and its answer is not stored. */
  close(key: string, flight: Flight | undefined): void;
}

export function createFlights(): Flights {
  const flights = new Map<string, Flight>();

  function close(key: string, flight: Flight | undefined): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  return {
    find(key, generations) {
      const flight = flights.get(key);
      return flight !== undefined && sameGenerations(flight.generations, generations) ? flight : undefined;
    },
    peek: (key) => flights.get(key),
    open(key, call, generations, send) {
      const next: Next = (shared) => {
        // The last reader has left: at once, so that nobody joins what is being taken down.
        onAbort(shared.signal, () => {
          if (flight.text === undefined) close(key, flight);
        });
        return send(shared, flight);
      };
      const flight: Flight = { generations, join: share(call, next), making: undefined, text: undefined };
      flights.set(key, flight);
      return flight;
    },
    close,
  };
}

function sameGenerations(a: Flight['generations'], b: Flight['generations']): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((generation, at) => generation === b[at]);
}
