import { isGatewayError } from '../errors.js';

export interface WriteBehindOptions<T> {
  /** Writes a batch: all of it or nothing. The same batch may come again after a failure. */
  readonly write: (batch: readonly T[]) => Promise<void>;
  /** What is kept while it cannot be written. What comes beyond it is lost. */
  readonly maxBuffered: number;
  readonly batchSize: number;
  /** How long one may wait to be written with others, in milliseconds. */
  readonly flushMs: number;
  /** A write that takes longer counts as failed, in milliseconds. */
  readonly writeTimeoutMs: number;
  /** These will never be written: there was no room, the store refuses them as such, or the buffer was closed. */
  readonly onLoss: (lost: readonly T[], cause: unknown) => void;
  readonly onError: (cause: unknown) => void;
}

/** A bounded buffer in front of something slow, or down. One batch is written at a time, in the order of `add`. */
export interface WriteBehind<T> {
  /** False when there was no room, and it is lost. */
  add(item: T): boolean;
  /** Writes what is there now. Rejects with the first failure; what could not be written stays, and is tried again later. */
  flush(): Promise<void>;
  /** Writes what is there, and tries again twice; what then is left is lost. */
  close(): Promise<void>;
  readonly buffered: number;
  readonly lost: number;
  /** The last write failed. */
  readonly failing: boolean;
}

/** Waits after failures, in milliseconds: each is twice the one before. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
const CLOSING_TRIES = 3;

export function createWriteBehind<T>(options: WriteBehindOptions<T>): WriteBehind<T> {
  const { maxBuffered, flushMs, writeTimeoutMs } = options;
  const batchSize = Math.min(options.batchSize, maxBuffered); // a full buffer is a full batch
  const items: T[] = [];
  let added = 0;
  let done = 0;
  let lost = 0;
  let failures = 0;
  /** Items to write alone, because something in their batch can never be written. */
  let oneByOne = 0;
  let closing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> | undefined;

  function lose(gone: readonly T[], cause: unknown): void {
    lost += gone.length;
    quietly(() => options.onLoss(gone, cause));
  }

  /** Writes soon: when the batch is full, else with what comes in the meantime. */
  function schedule(): void {
    if (items.length === 0 || closing) return;
    const full = failures === 0 && items.length >= batchSize;
    if (timer !== undefined && !(full && items.length === batchSize)) return;
    clearTimeout(timer);
    const waitMs = failures > 0 ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)) : full ? 0 : flushMs;
    timer = setTimeout(() => {
      timer = undefined;
      drainTo(added).catch(nothing); // `onError` has heard of it
    }, waitMs);
    if (typeof timer === 'object') timer.unref(); // a number outside Node
  }

  async function drainTo(last: number): Promise<void> {
    if (done >= last) return;
    await step();
    return drainTo(last);
  }

  /** One batch, for everyone who waits. */
  function step(): Promise<void> {
    writing ??= writeBatch().finally(() => {
      writing = undefined;
      schedule();
    });
    return writing;
  }

  async function writeBatch(): Promise<void> {
    const batch = items.slice(0, oneByOne > 0 ? 1 : batchSize);
    try {
      await withTimeLimit(options.write(batch), writeTimeoutMs);
    } catch (cause) {
      if (!isFinal(cause)) {
        failures++;
        quietly(() => options.onError(cause));
        throw cause;
      }
      // Something in it can never be written, and must not hold up the rest for ever.
      if (batch.length > 1) {
        oneByOne = batch.length;
        return;
      }
      lose(batch, cause);
    }
    failures = 0;
    oneByOne = Math.max(0, oneByOne - 1);
    items.splice(0, batch.length);
    done += batch.length;
  }

  return {
    add(item) {
      if (items.length >= maxBuffered) {
        lose([item], undefined);
        return false;
      }
      items.push(item);
      added++;
      schedule();
      return true;
    },
    flush: () => drainTo(added),
    async close() {
      closing = true;
      clearTimeout(timer);
      timer = undefined;
      for (let tries = 1; items.length > 0; tries++) {
        try {
          await drainTo(added);
        } catch (cause) {
          if (tries < CLOSING_TRIES) {
            await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * tries));
          } else if (writing === undefined) {
            done += items.length;
            lose(items.splice(0), cause);
          }
        }
      }
      closing = false; // what an abandoned attempt adds later is still written
    },
    get buffered() {
      return items.length;
    },
    get lost() {
      return lost;
    },
    get failing() {
      return failures > 0;
    },
  };
}

async function withTimeLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DOMException(`the write took more than ${limitMs} ms`, 'TimeoutError')), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is written can never be written like this, or the store was closed: trying again would change nothing. */
function isFinal(cause: unknown): boolean {
  return isGatewayError(cause, 'config') || isGatewayError(cause, 'closed');
}

/** A listener that throws must not stop the writing. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // its own failure is its own
  }
}

function nothing(): void {}
