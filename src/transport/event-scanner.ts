import { createParser } from 'eventsource-parser';
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

export function eventScanner(provider: string, { maxEventBytes, maxBodyBytes }: BodyLimits, onEvent: (event: ScannedEvent) => void): EventScanner {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // the parser takes the one that may be there
  let bodyBytes = 0;
  let bytesSinceEvent = 0;
  /** Some of it may come from before. The first character stands for the line break that the body does not need at its beginning. */
  let textSinceEvent = '\n';
  let found = false;

  // No `onError`: it would cost an Error for every line that is not SSE, and a body may be all such lines.
  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent(event) {
      found = true;
      // A character is at most three bytes, so nearly every event is let through uncounted.
      if (event.data.length * 3 > maxEventBytes && byteLength(event.data) > maxEventBytes) throw eventTooLarge();
      onEvent(event);
    },
  });

  function eventTooLarge(): Error {
    return tooLargeError(provider, 'a stream event', maxEventBytes, 'maxEventBytes');
  }

  /** The parser says that it gave up only when it is fed again. */
  function checkBuffer(): void {
    try {
      parser.feed('');
    } catch {
      throw eventTooLarge(); // the one thing it throws
    }
  }

  return {
    push(bytes) {
      bodyBytes += bytes.length;
      if (bodyBytes > maxBodyBytes) throw tooLargeError(provider, 'a stream', maxBodyBytes, 'maxBodyBytes');
      const text = decoder.decode(bytes, STREAM);
      found = false;
      parser.feed(text);
      if (found) {
        bytesSinceEvent = bytes.length;
        // Nearly always the chunk ends with its event, and an idle stream need not keep it.
        textSinceEvent = text.endsWith('\n\n') && !text.includes('\n{') ? '\n' : text;
      } else {
        bytesSinceEvent += bytes.length;
        if (textSinceEvent.length <= MAX_BARE_JSON) textSinceEvent += text;
      }
      if (bytesSinceEvent > maxEventBytes) checkBuffer();
    },
    end() {
      const bare = bareJson(textSinceEvent);
      // Two: after a last CR the first may be the rest of its line break.
      parser.feed(`${decoder.decode()}\n\n`);
      if (bare !== undefined) onEvent({ data: bare });
    },
  };
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
