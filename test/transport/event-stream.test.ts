import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CancelledError, ProviderError } from '../../src/errors.js';
import { readEvents, type EventDecoder } from '../../src/transport/event-stream.js';
import type { WireAnswer } from '../../src/transport/transport.js';
import { haveFixtures, readFixture } from '../support/fixtures.js';
import { testAnswer, wholeAnswer } from './answers.js';

interface Seen {
  readonly event?: string;
  readonly data: string;
}

const limits = { maxEventBytes: 8 * 1024 * 1024, maxBodyBytes: 64 * 1024 * 1024 };
const options = { provider: 'acme', limits, signal: new AbortController().signal };
const same: EventDecoder<Seen> = { push: ({ event, data }) => [{ ...(event !== undefined && { event }), data }], end: () => [] };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function collect<E>(stream: AsyncIterable<E>): Promise<{ readonly events: readonly E[]; readonly error?: unknown }> {
  const events: E[] = [];
  try {
    for await (const event of stream) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

async function scan(...chunks: readonly (string | Uint8Array)[]): Promise<readonly Seen[]> {
  const { events, error } = await collect(readEvents(wholeAnswer(chunks.map((chunk) => (typeof chunk === 'string' ? encode(chunk) : chunk))), same, options));
  if (error !== undefined) throw error;
  return events;
}

describe('the events of a body', () => {
  const text = '\ufeff: hello\n\nevent: a\ndata: one ✔\ndata: two 😀\n\r\ndata:three\r\rid: 7\nretry: 5\nunknown: x\ndata: four\r\n\r\ndata\n\n';
  const expected = [{ event: 'a', data: 'one ✔\ntwo 😀' }, { data: 'three' }, { data: 'four' }, { data: '' }];

  it('are the same however its bytes are cut', async () => {
    const bytes = encode(text);
    expect(await scan(bytes)).toEqual(expected);
    expect(await scan(...Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1)))).toEqual(expected);
    for (let cut = 1; cut < bytes.length; cut++) expect(await scan(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(expected);
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
      expect(await scan(...at.slice(1).map((end, index) => bytes.subarray(at[index], end)))).toEqual(expected);
    }));
  });

  it.each(['\n', '\r', '\r\n'])('may end their lines with %j', async (line) => {
    expect(await scan(`event: x${line}data: 1${line}${line}data: 2${line}${line}`)).toEqual([{ event: 'x', data: '1' }, { data: '2' }]);
  });

  it('read bytes that are not UTF-8 as U+FFFD', async () => {
    expect(await scan(Uint8Array.of(...encode('data: a'), 0xff, ...encode('b\n\n')))).toEqual([{ data: 'a\ufffdb' }]);
  });

  it.each(['data: last', 'data: last\n', 'data: last\r', 'data: last\r\n', 'data: last\n\n', 'data: last\r\r', 'data: last\r\n\r'])('include the last one when the body ends with %j', async (end) => {
    expect(await scan(`data: first\n\n${end}`)).toEqual([{ data: 'first' }, { data: 'last' }]);
  });

  it('end with what the decoder kept for the end', async () => {
    const decoder: EventDecoder<string> = { push: ({ data }) => [data], end: () => ['kept'] };
    expect(await collect(readEvents(wholeAnswer([encode('data: 1\n\ndata: 2')]), decoder, options))).toEqual({ events: ['1', '2', 'kept'] });
  });

  it('include a JSON object that stands outside of any event as the last thing in the body', async () => {
    const error = '{\n  "error": {\n    "code": 499\n  }\n}\n';
    expect(await scan(`data: {"a":1}\n\n${error}`)).toEqual([{ data: '{"a":1}' }, { data: error }]);
    expect(await scan(`data: {"a":1}\n\n`, error.slice(0, 9), error.slice(9))).toEqual([{ data: '{"a":1}' }, { data: error }]);
    expect(await scan('{"error":"x"}')).toEqual([{ data: '{"error":"x"}' }]);
    expect(await scan('data: 1\n\n{ not json')).toEqual([{ data: '1' }]);
    expect(await scan('<html>{"a":1}</html>')).toEqual([]);
  });
});

describe.skipIf(!haveFixtures)('the public test cases of server-sent events', () => {
  interface Case {
    readonly id: string;
    readonly inputB64: string;
    readonly expected: readonly { readonly event: string; readonly data: string }[];
  }
  const cases = haveFixtures ? (readFixture('sse/cases.json') as readonly Case[]) : [];

  it.each(cases.map((one) => [one.id, one] as const))('%s, cut at every byte', async (id, { inputB64, expected }) => {
    // A browser drops a block without its blank line; what a provider cut there is the end of an answer.
    const all = id === 'wpt-format-data-before-final-empty-line' ? [...expected, { event: 'message', data: 'test2' }] : expected;
    const bytes = new Uint8Array(Buffer.from(inputB64, 'base64'));
    const want = all.map(({ event, data }) => ({ event, data }));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const events = await scan(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(events.map(({ event = 'message', data }) => ({ event, data }))).toEqual(want);
    }
  });
});

describe('an error', () => {
  const strict: EventDecoder<string> = {
    push({ data }) {
      if (data === 'bad') throw new ProviderError('overloaded', 'acme is overloaded');
      if (data === 'bug') return [(undefined as unknown as string).trim()];
      if (data.startsWith('{')) throw new ProviderError('invalid_response', 'acme sent an event that is not JSON');
      return [data];
    },
    end: () => ['end'],
  };

  it('of the decoder comes after the events before it, once, and has closed the connection by then', async () => {
    const answer = testAnswer();
    const stream = readEvents(answer, strict, options);
    const first = stream.next();
    answer.send('data: 1\n\ndata: 2\n\ndata: bad\n\ndata: 3\n\n');
    expect(answer.calls).toContain('cancel');
    expect(await first).toEqual({ done: false, value: '1' });
    expect(await stream.next()).toEqual({ done: false, value: '2' });
    await expect(stream.next()).rejects.toMatchObject({ code: 'overloaded' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('that only a bug can explain is a GatewayError too', async () => {
    expect(await collect(readEvents(wholeAnswer([encode('data: bug\n\n')]), strict, options))).toMatchObject({ error: { code: 'invalid_response', cause: { name: 'TypeError' } } });
  });

  it('of the connection comes after the events before it', async () => {
    const answer = testAnswer();
    const stream = readEvents(answer, strict, options);
    const first = stream.next();
    answer.send('data: 1\n\ndata: 2\n\ndata: {"cut');
    const cut = new ProviderError('stream_interrupted', 'cut');
    answer.sink.fail(cut);
    expect((await first).value).toBe('1');
    expect((await stream.next()).value).toBe('2');
    await expect(stream.next()).rejects.toBe(cut);
  });

  it('is not asked for its end when the body was cut inside an event', async () => {
    expect(await collect(readEvents(wholeAnswer([encode('data: 1\n\ndata: {"cut')]), strict, options))).toEqual({ events: ['1'] });
  });

  it('in a last event without its blank line is told', async () => {
    expect(await collect(readEvents(wholeAnswer([encode('data: 1\n\ndata: bad')]), strict, options))).toMatchObject({ events: ['1'], error: { code: 'overloaded' } });
  });
});

describe('the caps', () => {
  const small = { ...options, limits: { maxEventBytes: 1000, maxBodyBytes: 5000 } };
  const refusal = (option: string): object => ({ code: 'invalid_response', certainty: 'started', message: expect.stringContaining(option) });
  const chunked = (text: string, size: number): readonly Uint8Array[] => Array.from({ length: Math.ceil(text.length / size) }, (_piece, index) => encode(text.slice(index * size, (index + 1) * size)));

  it.each([
    ['in one piece', `data: ${'a'.repeat(1001)}\n\n`, 10_000],
    ['in many', `data: ${'a'.repeat(1001)}\n\n`, 7],
    ['over many lines', `${'data: aaaa\n'.repeat(300)}\n`, 11],
    ['that never ends', `data: ${'a'.repeat(2000)}`, 100],
    ['of bytes more than characters', `data: ${'✔'.repeat(400)}\n\n`, 10_000],
  ])('refuse an event over maxEventBytes %s', async (_how, text, size) => {
    const { events, error } = await collect(readEvents(wholeAnswer([encode('data: 1\n\n'), ...chunked(text, size)]), same, small));
    expect(events).toEqual([{ data: '1' }]);
    expect(error).toMatchObject(refusal('maxEventBytes'));
  });

  it('take an event of exactly maxEventBytes', async () => {
    expect((await collect(readEvents(wholeAnswer([encode(`data: ${'a'.repeat(1000)}\n\n`)]), same, small))).events).toHaveLength(1);
  });

  it('refuse a body over maxBodyBytes and close the connection', async () => {
    const answer = testAnswer();
    const result = collect(readEvents(answer, same, small));
    await sleep(0);
    for (let index = 0; index < 60; index++) answer.send(`data: ${'a'.repeat(100)}\n\n`);
    expect((await result).error).toMatchObject(refusal('maxBodyBytes'));
    expect(answer.calls).toContain('cancel');
  });

  it('do not count comments and unknown lines as an event', async () => {
    const noise = ': still working on it\n\n'.repeat(60) + 'nothing known\n'.repeat(60);
    expect(await scanSmall(`${noise}data: 1\n\n`)).toEqual([{ data: '1' }]);
    async function scanSmall(text: string): Promise<readonly Seen[]> {
      const { events, error } = await collect(readEvents(wholeAnswer(chunked(text, 50)), same, small));
      expect(error).toBeUndefined();
      return events;
    }
  });

  it.each([
    ['in reads of 64 KiB', 65_536],
    ['in reads of 1 KiB', 1024],
    ['at once', 16_000_000],
  ])('refuse an event of 16 MB in at most 200 ms, %s', async (_how, size) => {
    const block = new Uint8Array(size).fill(0x61);
    const chunks = [encode('data: '), ...Array.from({ length: Math.ceil(16_000_000 / size) }, () => block), encode('\n\n')];
    const { error, milliseconds } = await timed(chunks, limits);
    expect(error).toMatchObject(refusal('maxEventBytes'));
    expect(milliseconds).toBeLessThan(200);
  });

  it.each([
    ['one line', 'data: ', 'a'.repeat(1024), '\n\n'],
    ['many lines', '', `data: ${'a'.repeat(1017)}\n`, '\n'],
    ['many lines that end with CR', '', `data: ${'a'.repeat(1017)}\r`, '\r'],
    ['lines that are not SSE', '', `${'a\n'.repeat(512)}`, '\n'],
    ['comments', '', `:${'a'.repeat(1022)}\n`, '\n'],
    ['blank lines', '', '\n'.repeat(1024), '\n'],
    ['a comment that never ends', ':', 'a'.repeat(1024), ''],
  ])('read 16 MB of %s in time linear in its size', async (_what, start, middle, end) => {
    const wide = { maxEventBytes: 64 * 1024 * 1024, maxBodyBytes: 64 * 1024 * 1024 };
    const block = encode(middle);
    const take = (blocks: number): Promise<{ milliseconds: number }> => timed([encode(start), ...Array.from({ length: blocks }, () => block), encode(end)], wide);
    await take(1000);
    const quarter = (await take(4_000)).milliseconds;
    const whole = (await take(16_000)).milliseconds;
    expect(whole).toBeLessThan(Math.max(8 * quarter, 200)); // quadratic would be 16
  });

  async function timed(chunks: readonly Uint8Array[], within: typeof limits): Promise<{ readonly error?: unknown; readonly milliseconds: number }> {
    const start = process.cpuUsage();
    const { error } = await collect(readEvents(wholeAnswer(chunks), same, { ...options, limits: within }));
    const { user, system } = process.cpuUsage(start);
    return { error, milliseconds: (user + system) / 1000 };
  }
});

describe('the reader', () => {
  it('makes the sender wait for it, and go on when it has taken everything', async () => {
    const answer = testAnswer();
    const stream = readEvents(answer, same, options);
    const first = stream.next();
    const chunk = `data: ${'a'.repeat(65_536)}\n\n`;
    answer.send(chunk, chunk, chunk, chunk);
    expect(answer.calls).toEqual(['read']);
    answer.send(chunk, chunk);
    expect(answer.calls).toEqual(['read', 'pause']);
    await first;
    for (let left = 5; left > 0; left--) {
      expect(answer.calls).toEqual(['read', 'pause']);
      await stream.next();
    }
    expect(answer.calls).toEqual(['read', 'pause', 'resume']);
  });

  it('does not begin to read before it is asked', async () => {
    const answer = testAnswer();
    const stream = readEvents(answer, same, options);
    expect(answer.calls).toEqual([]);
    void stream.next();
    expect(answer.calls).toEqual(['read']);
  });

  it('that leaves closes the connection at once, before and after the first event', async () => {
    const before = testAnswer();
    await readEvents(before, same, options).return?.();
    expect(before.calls).toEqual(['cancel']);
    const during = testAnswer();
    const loop = (async () => {
      for await (const _event of readEvents(during, same, options)) break;
    })();
    await sleep(0);
    during.send('data: 1\n\ndata: 2\n\n');
    await loop;
    expect(during.calls).toEqual(['read', 'cancel']);
  });

  it('that leaves while it waits is let go', async () => {
    const stream = readEvents(testAnswer(), same, options);
    const next = stream.next();
    await stream.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('may ask again before it was answered', async () => {
    const answer = testAnswer();
    const stream = readEvents(answer, same, options);
    const asked = [stream.next(), stream.next(), stream.next(), stream.next()];
    answer.send('data: 1\n\n');
    await sleep(0);
    answer.send('data: 2\n\ndata: 3\n\n');
    await sleep(0);
    answer.sink.end();
    expect((await Promise.all(asked)).map(({ value }) => value?.data)).toEqual(['1', '2', '3', undefined]);
  });

  it('gets the reason of its signal and nothing else once that has fired, whatever is still there to read', async () => {
    const reason = new CancelledError('cancelled', 'enough');
    const controller = new AbortController();
    const answer = testAnswer();
    const stream = readEvents(answer, same, { ...options, signal: controller.signal });
    const first = stream.next();
    answer.send('data: 1\n\ndata: 2\n\n');
    answer.sink.end();
    await first;
    controller.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('gets the reason of its signal while it waits', async () => {
    const reason = new CancelledError('deadline_exceeded', 'too late');
    const controller = new AbortController();
    const answer: WireAnswer = { ...wholeAnswer([]), read: (sink) => controller.signal.addEventListener('abort', () => sink.fail(controller.signal.reason), { once: true }) };
    const next = readEvents(answer, same, { ...options, signal: controller.signal }).next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});
