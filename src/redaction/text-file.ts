import type { FilePart } from '../types/message.js';

/** A file that is text, and the way back into the form it came in. */
export interface TextFile {
  readonly text: string;
  encode(text: string): FilePart['data'];
}

/** Undefined for what is no text in UTF-8: other media types, other encodings, and files that only a URL stands for. */
export function textFile({ data, mediaType }: FilePart): TextFile | undefined {
  if (!TEXTUAL.test(mediaType)) return undefined;
  if (typeof data !== 'string') return decoded(data, (text) => new TextEncoder().encode(text));
  const url = DATA_URL.exec(data);
  if (url !== null) {
    const { head = '', base64, body = '' } = url.groups ?? {};
    if (base64 !== undefined) return decodedBase64(body, (text) => `${head}${base64},${toBase64(text)}`);
    return decodedPercent(body, (text) => `${head},${encodeURIComponent(text)}`);
  }
  return decodedBase64(data, toBase64);
}

const TEXTUAL = /^(?:text\/|application\/(?:[\w.+-]{1,80}\+)?(?:json|xml|yaml|x-yaml|toml|sql|javascript|x-ndjson|jsonl|csv|x-sh|graphql|rtf|mbox)\b|message\/)/i;
const DATA_URL = /^(?<head>data:[^,;]{0,100}(?:;[^,;]{1,100}){0,5}?)(?<base64>;base64)?,(?<body>[\s\S]*)$/i;
const BASE64 = /^[A-Za-z0-9+/_\-\s]*={0,2}\s*$/;

function decoded(bytes: Uint8Array, encode: TextFile['encode']): TextFile | undefined {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encode };
  } catch {
    return undefined; // not UTF-8
  }
}

function decodedBase64(body: string, encode: TextFile['encode']): TextFile | undefined {
  return BASE64.test(body) ? decoded(Buffer.from(body, 'base64'), encode) : undefined;
}

function decodedPercent(body: string, encode: TextFile['encode']): TextFile | undefined {
  try {
    return { text: decodeURIComponent(body), encode };
  } catch {
    return undefined; // not percent-encoded UTF-8
  }
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
