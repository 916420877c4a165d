import { createParser, type EventSourceParser } from 'eventsource-parser';
import { tooLargeError } from './failures.js';
import type { BodyLimits } from './transport.js';

/** One server-sent event, as it came. */
export interface ScannedEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** Cuts bytes into events, in time linear in the bytes. Throws ProviderError('invalid_response') over a cap, and whatever `onEvent` throws; it is of no use after that. */
export interface EventScanner {
  push(bytes: Uint8Array): void;
  /** The body has ended: gives what is left of it. */
  end(): void;
}

/** An error's JSON fits many times. */
const MAX_BARE_JSON = 64 * 1024;

const STREAM = { stream: true };

export function eventScanner(provider: string, limits: BodyLimits, onEvent: (event: ScannedEvent) => void): EventScanner {
  return new Scanner(provider, limits, onEvent);
}

/** A class, as the rest of what an open stream keeps: every closure costs a waiting stream 64 bytes. */
class Scanner implements EventScanner {
  readonly #provider: string;
  readonly #limits: BodyLimits;
  readonly #onEvent: (event: ScannedEvent) => void;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // the parser takes the one that may be there
  readonly #parser: EventSourceParser;
  #bodyBytes = 0;
  #bytesSinceEvent = 0;
  /** Some of it may come from before. The first character stands for the line break that the body does not need at its beginning. */
  #textSinceEvent = '\n';
  #found = false;

  constructor(provider: string, limits: BodyLimits, onEvent: (event: ScannedEvent) => void) {
    this.#provider = provider;
    this.#limits = limits;
    this.#onEvent = onEvent;
    // No `onError`: it would cost an Error for every line that is not SSE, and a body may be all such lines.
    this.#parser = createParser({ maxBufferSize: limits.maxEventBytes, onEvent: (event) => this.#take(event) });
  }

  push(bytes: Uint8Array): void {
    const { maxBodyBytes, maxEventBytes } = this.#limits;
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes > maxBodyBytes) throw tooLargeError(this.#provider, 'a stream', maxBodyBytes, 'maxBodyBytes');
    const text = this.#decoder.decode(bytes, STREAM);
    this.#found = false;
    this.#parser.feed(text);
    if (this.#found) {
      this.#bytesSinceEvent = bytes.length;
      // Nearly always the chunk ends with its event, and an idle stream need not keep it.
      this.#textSinceEvent = text.endsWith('\n\n') && !text.includes('\n{') ? '\n' : text;
    } else {
      this.#bytesSinceEvent += bytes.length;
      if (this.#textSinceEvent.length <= MAX_BARE_JSON) this.#textSinceEvent += text;
    }
    if (this.#bytesSinceEvent > maxEventBytes) this.#checkBuffer();
  }

  end(): void {
    const bare = bareJson(this.#textSinceEvent);
    // Two: after a last CR the first may be the rest of its line break.
    this.#parser.feed(`${this.#decoder.decode()}\n\n`);
    if (bare !== undefined) this.#onEvent({ data: bare });
  }

  #take(event: ScannedEvent): void {
    const { maxEventBytes } = this.#limits;
    this.#found = true;
    // A character is at most three bytes, so nearly every event is let through uncounted.
    if (event.data.length * 3 > maxEventBytes && byteLength(event.data) > maxEventBytes) throw this.#eventTooLarge();
    this.#onEvent(event);
  }

  /** The parser says that it gave up only when it is fed again. */
  #checkBuffer(): void {
    try {
      this.#parser.feed('');
    } catch {
      throw this.#eventTooLarge(); // the one thing it throws
    }
  }

  #eventTooLarge(): Error {
    return tooLargeError(this.#provider, 'a stream event', this.#limits.maxEventBytes, 'maxEventBytes');
  }
}

/** Some servers break out of the event stream to say what went wrong: a JSON object on lines of its own, as the last thing in the body. */
function bareJson(text: string): string | undefined {
  const before = text.search(/[\r\n]\{/);
  if (before === -1) return undefined;
  const json = text.slice(before + 1);
  try {
    JSON.parse(json);
    return json;
  } catch {
    return undefined; // a line that is neither SSE nor JSON is ignored, as SSE says
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
