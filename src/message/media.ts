/** Where the bytes of an image, audio or file part are. */
export type Media =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly base64: string; readonly mediaType: string | undefined };

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?(;base64)?,/i;

/** Reads the three ways a part may carry data: bytes, base64 or a `data:` URL, or a link. Nothing is fetched. */
export function readMedia(data: string | Uint8Array, mediaType?: string): Media {
  if (typeof data !== 'string') return { kind: 'base64', base64: toBase64(data), mediaType };
  if (/^(?:https?|gs|s3|file):/i.test(data)) return { kind: 'url', url: data };
  const match = DATA_URL.exec(data.slice(0, 256));
  if (match === null) return { kind: 'base64', base64: data, mediaType };
  const rest = data.slice(match[0].length);
  const base64 = match[2] === undefined ? toBase64(new TextEncoder().encode(decodeURIComponent(rest))) : rest;
  return { kind: 'base64', base64, mediaType: match[1] || mediaType };
}

/** `data:` URL of inline media; a link stays as it is. */
export function toUrl(media: Media, fallbackType: string): string {
  return media.kind === 'url' ? media.url : `data:${media.mediaType ?? fallbackType};base64,${media.base64}`;
}

function toBase64(bytes: Uint8Array): string {
  // Buffer where there is one (Node, Bun, Deno): btoa would need the bytes as a string first.
  if (typeof Buffer !== 'undefined') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
