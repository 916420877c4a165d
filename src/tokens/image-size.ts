export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A JPEG tells its size after whatever else a camera wrote; what comes later than this is not looked for. */
const READ_BYTES = 131_072;

/** Width and height in pixels, by the first bytes of a PNG, JPEG, WebP or GIF. Undefined where they do not say. Never throws, reads no more than 128 KiB. */
export function imageSize(data: string | Uint8Array): ImageSize | undefined {
  const bytes = typeof data === 'string' ? decode(data) : data.subarray(0, READ_BYTES);
  if (bytes === undefined || bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = read(view);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function read(view: DataView): ImageSize | undefined {
  const first = view.getUint32(0);
  if (first === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) }; // PNG: the header comes first
  if (first === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }; // GIF8
  if (first === 0x52494646 && view.getUint32(8) === 0x57454250) return webp(view); // RIFF … WEBP
  return first >>> 16 === 0xffd8 ? jpeg(view) : undefined;
}

/** Three kinds, each with its own place for the size. */
function webp(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  const kind = view.getUint32(12);
  if (kind === 0x56503820) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }; // VP8
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true); // VP8L: 14 bits each, less one
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const threeBytes = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  return kind === 0x56503858 ? { width: threeBytes(24) + 1, height: threeBytes(27) + 1 } : undefined; // VP8X
}

/** From segment to segment, up to the one that starts the frame. */
function jpeg(view: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker >>> 8 !== 0xff) return undefined;
    const kind = marker & 0xff;
    const startsFrame = kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
    if (startsFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + Math.max(2, view.getUint16(at + 2)); // a length counts itself
  }
  return undefined;
}

/** The first bytes of base64, of a `data:` URL or bare. */
function decode(text: string): Uint8Array | undefined {
  const comma = text.startsWith('data:') ? text.slice(0, 256).indexOf(',') : -1;
  const base64 = text.slice(comma + 1, comma + 1 + Math.ceil(READ_BYTES / 3) * 4);
  try {
    const binary = atob(base64.slice(0, base64.length - (base64.length % 4)));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined; // a link, or no base64: it says nothing of its size
  }
}
