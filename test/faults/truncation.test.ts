import { createGateway, isGatewayError, type ChatResponse, type Gateway } from 'headgate';
import { fakeServer } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { haveFixtures } from '../support/fixtures.js';
import { madeStreams, recordedStreams, type WholeStream } from './streams.js';

/** Of all cuts, those that are made on sockets too. */
const EVERY = 20;
const HEADERS = { 'content-type': 'text/event-stream' };

/** What the reader was told of a body that ends after so many bytes. */
interface Told {
  readonly ending: string;
  readonly text: string;
  readonly response: ChatResponse | undefined;
}

async function read(gateway: Gateway): Promise<Told> {
  try {
    const response = await gateway.stream({ model: 'x/m', messages: [{ role: 'user', content: 'hi' }] }).response();
    return { ending: 'complete', text: response.text, response };
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return { ending: error.code, text: error.partial?.text ?? '', response: undefined };
  }
}

/** Cuts one stream, and says what was told wrongly. */
async function wrongly({ bytes, markerAt }: WholeStream, cuts: Iterable<number>, readCut: (cut: number) => Promise<Told>): Promise<readonly string[]> {
  const whole = await readCut(bytes.length);
  const wrong = whole.ending === 'complete' ? [] : [`the whole stream was told as ${whole.ending}`];
  for (const cut of cuts) {
    const { ending, text, response } = await readCut(cut);
    if (ending !== 'stream_interrupted' && !(ending === 'complete' && cut >= markerAt)) wrong.push(`cut after ${cut} of ${bytes.length} bytes, with the marker at ${markerAt}: told as ${ending}`);
    if (!whole.text.startsWith(text)) wrong.push(`cut after ${cut} of ${bytes.length} bytes: another text`);
    if (response !== undefined && response.finishReason !== whole.response?.finishReason) wrong.push(`cut after ${cut} of ${bytes.length} bytes: finished by ${response.finishReason}`);
  }
  return wrong;
}

async function inMemory(stream: WholeStream): Promise<readonly string[]> {
  let cut = 0;
  const gateway = createGateway({ providers: [stream.vendor.connect('x', 'http://127.0.0.1', { fetch: async () => new Response(stream.bytes.slice(0, cut), { headers: HEADERS }) })] });
  return wrongly(stream, stream.bytes.keys(), (at) => {
    cut = at;
    return read(gateway);
  });
}

async function onSockets(stream: WholeStream): Promise<readonly string[]> {
  await using server = await fakeServer({ record: false });
  const gateway = createGateway({ providers: [stream.vendor.connect('x', server.url)] });
  const cuts = Array.from({ length: Math.floor(stream.bytes.length / EVERY) }, (_, at) => at * EVERY + (at % EVERY));
  const wrong = await wrongly(stream, cuts, (at) => {
    // Both ways a proxy may cut: as if it were the end, and without a word.
    server.reply({ body: stream.bytes, headers: HEADERS, endAfterBytes: at, ending: at % 2 === 0 || at === stream.bytes.length ? 'finish' : 'close' });
    return read(gateway);
  });
  await gateway.close();
  return wrong;
}

describe('a stream that is cut at any byte is never told as complete before its terminal marker', () => {
  const recorded = recordedStreams();

  it.skipIf(!haveFixtures)('is held to by at least 30,000 cuts', () => {
    expect(recorded.length).toBe(40);
    expect(recorded.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(30_000);
  });

  it.each(recorded.map((stream) => [`${stream.vendor.name}: ${stream.name}`, stream] as const))('%s', { timeout: 60_000 }, async (_name, stream) => {
    expect(await inMemory(stream)).toEqual([]);
    expect(await onSockets(stream)).toEqual([]);
  });

  it('holds for the answers of the fake server too', { timeout: 60_000 }, async () => {
    for (const stream of await madeStreams()) {
      expect(await inMemory(stream), `${stream.vendor.name}: ${stream.name}`).toEqual([]);
      expect(await onSockets(stream), `${stream.vendor.name}: ${stream.name}`).toEqual([]);
    }
  });
});
