import { createGateway } from 'headgate';
import { fakeServer, type ServerReply } from 'headgate/testing';
import { exchangeRows, loadExchange, type Exchange } from '../support/fixtures.js';
import { vendors, type Vendor, type VendorName } from './vendors.js';

/** A whole streamed answer, to be cut. */
export interface WholeStream {
  readonly name: string;
  readonly vendor: Vendor;
  readonly bytes: Uint8Array;
  /** Below so many bytes nothing in it says that it is whole. */
  readonly markerAt: number;
}

const APIS: Readonly<Record<VendorName, string>> = { 'openai responses': 'openai.responses', 'openai chat': 'openai.chat', anthropic: 'anthropic.messages', google: 'google.generateContent' };
const RECORDED = 10;

/** The shortest recordings of each protocol that end well, no two of one length. Empty without the recordings. */
export function recordedStreams(): readonly WholeStream[] {
  return vendors.flatMap((vendor) => {
    const exchanges = exchangeRows()
      .filter(({ api, wire, status, features }) => api === APIS[vendor.name] && wire === 'sse' && status === 200 && !features.includes('error-mid-stream'))
      .map(loadExchange)
      .toSorted((one, other) => one.bytes.length - other.bytes.length);
    return exchanges
      .filter(({ bytes }, at) => bytes.length !== exchanges[at - 1]?.bytes.length)
      .map((exchange) => streamOf(exchange, vendor))
      .filter((stream) => stream !== undefined)
      .slice(0, RECORDED);
  });
}

function streamOf({ id, bytes }: Exchange, vendor: Vendor): WholeStream | undefined {
  const markerAt = markerIn(bytes, vendor.name);
  return markerAt === undefined ? undefined : { name: id, vendor, bytes, markerAt };
}

/** One event each where nothing else is said: what is cut here is events, not words. */
const ANSWERS: Readonly<Record<string, ServerReply>> = {
  'a text in several alphabets': { text: ['Grüße, ', '世界 ', '👩‍👩‍👧 and more'] },
  'reasoning and a text': { reasoning: ['Let me ', 'see.'], text: 'Seen.', chunkSize: Infinity },
  'two tool calls': { toolCalls: [{ name: 'first', input: { a: [1, 2], b: '}' } }, { name: 'second', input: {} }], chunkSize: Infinity },
  'a text that stops for its length': { text: 'As far as', finishReason: 'length', chunkSize: Infinity },
  'nothing at all': { text: [] },
};

/** The fake server's answers, in bytes. */
export async function madeStreams(): Promise<readonly WholeStream[]> {
  await using server = await fakeServer();
  const made: WholeStream[] = [];
  for (const vendor of vendors) {
    for (const [name, answer] of Object.entries(ANSWERS)) {
      let bytes: Uint8Array = new Uint8Array();
      const recording: typeof fetch = async (url, init) => {
        const { headers, body } = await fetch(url, init);
        bytes = new Uint8Array(await new Response(body).arrayBuffer());
        return new Response(bytes.slice(), { headers });
      };
      server.reply(answer);
      await createGateway({ providers: [vendor.connect('x', server.url, { fetch: recording })] }).stream({ model: 'x/m', messages: [{ role: 'user', content: 'hi' }] }).response();
      made.push({ name, vendor, bytes, markerAt: markerIn(bytes, vendor.name) ?? Number.NaN });
    }
  }
  return made;
}

/** Where the data that ends the answer is complete, blank line or not; read from the bytes alone. */
function markerIn(bytes: Uint8Array, vendor: VendorName): number | undefined {
  const text = Buffer.from(bytes).toString('latin1'); // a character for each byte, so that places are right
  for (const match of text.matchAll(/^data: ?(.*\S)[ \t]*$/gm)) {
    if (isMarker(Buffer.from(match[1] ?? '', 'latin1').toString(), vendor)) return match.index + match[0].trimEnd().length;
  }
  return undefined;
}

interface Marked {
  readonly type?: string;
  readonly choices?: readonly { readonly finish_reason?: string | null }[];
  readonly candidates?: readonly { readonly finishReason?: string }[];
  readonly promptFeedback?: { readonly blockReason?: string };
}

function isMarker(data: string, vendor: VendorName): boolean {
  if (data === '[DONE]') return vendor === 'openai chat';
  const event = JSON.parse(data) as Marked; // every line of these streams is JSON
  switch (vendor) {
    case 'openai chat':
      return event.choices?.some((choice) => Boolean(choice.finish_reason)) === true;
    case 'openai responses':
      return event.type === 'response.completed' || event.type === 'response.incomplete';
    case 'anthropic':
      return event.type === 'message_stop';
    case 'google':
      return event.candidates?.some(({ finishReason }) => finishReason !== undefined) === true || event.promptFeedback?.blockReason !== undefined;
    default:
      return vendor satisfies never;
  }
}
