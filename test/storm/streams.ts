import { isGatewayError, type Gateway } from 'headgate';
import { getEventListeners } from 'node:events';
import { ANSWER_MS, TEXT } from './weather.ts';

export interface Round {
  readonly whole: number;
  readonly abandoned: number;
  /** Ends that nobody asked for, or answers that are not the answer. */
  readonly wrong: readonly string[];
  /** Streams that were open at once. */
  readonly most: number;
  /** From leaving a stream to its end, the slowest of 100, in milliseconds. */
  readonly settledMs: number;
  /** On the signals of the callers. */
  readonly listeners: number;
}

type Way = 'abort' | 'abort together' | 'cancel' | 'leave';
const WAYS: readonly Way[] = ['abort', 'abort together', 'cancel', 'leave'];

/** So many at a time, so that the machine's queue for new connections does not overflow. */
const BURST = 100;

/** Opens so many streams and, when all of them have begun, leaves half, each at a moment and in a way of its own. */
export async function storm(gateway: Gateway, count: number): Promise<Round> {
  const together = new AbortController();
  const signals: AbortSignal[] = [together.signal];
  const wrong: string[] = [];
  const settled: number[] = [];
  let whole = 0;
  let abandoned = 0;
  let begun = 0;
  let open = 0;
  let most = 0;
  const allBegun = Promise.withResolvers<void>();

  function begin(): void {
    most = Math.max(most, ++open);
    if (++begun === count) allBegun.resolve();
  }

  async function one(way: Way | undefined): Promise<void> {
    const controller = new AbortController();
    const signal = way === 'abort together' ? together.signal : controller.signal;
    if (signal !== together.signal) signals.push(signal);
    const stream = gateway.stream({ model: 'p/m', messages: [{ role: 'user', content: 'hi' }] }, { signal });
    let leftAt: number | undefined;
    let left = false;
    let text = '';
    let hasBegun = false;
    let timer: NodeJS.Timeout | undefined;

    async function leave(): Promise<void> {
      await allBegun.promise;
      timer = setTimeout(() => {
        leftAt = performance.now();
        if (way === 'abort') controller.abort();
        else if (way === 'cancel') void stream.cancel();
        else left = true;
      }, (Math.random() * ANSWER_MS) / 2);
    }

    if (way !== undefined && way !== 'abort together') void leave();
    try {
      for await (const event of stream) {
        if (event.type === 'start') {
          hasBegun = true;
          begin();
        }
        if (event.type === 'text-delta') text += event.text;
        if (left) break;
      }
      if (left) abandoned++;
      else if (text === TEXT) whole++;
      else wrong.push(`an answer of ${text.length} characters`);
    } catch (error) {
      const code = isGatewayError(error) ? error.code : String(error);
      if (code !== 'cancelled' || way === undefined) wrong.push(code);
      else abandoned++;
      if (leftAt !== undefined) settled.push(performance.now() - leftAt);
    } finally {
      clearTimeout(timer);
      if (!hasBegun) begin(); // it never will: nobody is to wait for it
      open--;
    }
  }

  const streams: Promise<void>[] = [];
  for (let opened = 0; opened < count; opened += BURST) {
    for (let at = opened; at < Math.min(count, opened + BURST); at++) streams.push(one(at % 2 === 0 ? undefined : WAYS[((at - 1) / 2) % WAYS.length]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await allBegun.promise;
  const timer = setTimeout(() => together.abort(), ANSWER_MS / 4);
  await Promise.all(streams);
  clearTimeout(timer);
  return { whole, abandoned, wrong, most, settledMs: settled.toSorted((a, b) => a - b)[Math.floor(settled.length * 0.99)] ?? 0, listeners: signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0) };
}
