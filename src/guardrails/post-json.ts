import { ConfigError, RejectedError } from '../errors.js';
import type { Json } from '../types/json.js';

export interface Service {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
}

/** More is no verdict. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Throws ConfigError for an address that prompts must not be sent to. */
export function serviceAt(rule: string, field: string, address: string, headers: Readonly<Record<string, string>>, fetch: typeof globalThis.fetch = globalThis.fetch): Service {
  if (!URL.canParse(address)) throw new ConfigError(`${rule}: ${field}: wanted an https address`);
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') throw new ConfigError(`${rule}: ${field}: wanted an address without user and password; put them into headers`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) throw new ConfigError(`${rule}: ${field}: wanted https (http only on this machine), got ${url.protocol}`);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || !/^[\t\x20-\x7e]*$/.test(value)) throw new ConfigError(`${rule}: headers.${name}: its value has characters that no header may hold`);
  }
  return { url, headers, fetch };
}

/** The answer of a service to `body`. Rejects for everything but a JSON answer with status 200; the error names the status and no more. */
export async function postJson({ url, headers, fetch }: Service, body: Json, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body), redirect: 'error', signal });
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw new RejectedError('guardrail_blocked', `the guardrail's service answered ${answer.status}`);
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of answer.body) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new RejectedError('guardrail_blocked', `the guardrail's service answered with more than ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(piece);
  }
  return JSON.parse(new TextDecoder().decode(concatenated(pieces, bytes)));
}

function concatenated(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}
