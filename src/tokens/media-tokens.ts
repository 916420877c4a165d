import type { AudioPart, FilePart, ImagePart } from '../types/message.js';
import { estimateText, type TokenEstimate } from './estimate-text.js';
import { imageSize, type ImageSize } from './image-size.js';

export type Vendor = 'openai' | 'anthropic' | 'google';

/** Whose rules a model follows, by its name. OpenAI's for all that is unknown: they are the dearest of the common ones. */
export function vendorOf(model: string): Vendor {
  if (/claude|anthropic/i.test(model)) return 'anthropic';
  return /gemini|gemma|google/i.test(model) ? 'google' : 'openai';
}

/** Where nobody can know the size: one of 1024 × 1024 is expected, and the largest that the vendor takes is possible. */
const USUAL: ImageSize = { width: 1024, height: 1024 };
const LARGEST: ImageSize = { width: 4096, height: 4096 };

export function imageTokens(part: ImagePart, vendor: Vendor): TokenEstimate {
  const size = imageSize(part.data);
  const low = part.detail === 'low';
  return { expected: IMAGE[vendor](size ?? USUAL, low).expected, cautious: IMAGE[vendor](size ?? LARGEST, low).cautious };
}

const IMAGE: Readonly<Record<Vendor, (size: ImageSize, low: boolean) => TokenEstimate>> = { openai, anthropic, google };

/**
 * platform.openai.com/docs/guides/images-vision: fitted into 2048 × 2048, then the shorter side to 768, then 170 for each tile
 * of 512 and 85 for the whole; in low detail 85. The small models bill more for each tile, or by patches of 32 pixels, up to 1536 of them
 * times 1.62 or 2.46, at a lower price a token: the cautious figure is that.
 */
function openai(size: ImageSize, low: boolean): TokenEstimate {
  if (low) return { expected: 85, cautious: 140 };
  const fitted = scaled(size, Math.min(1, 2048 / Math.max(size.width, size.height)));
  const { width, height } = scaled(fitted, Math.min(1, 768 / Math.min(fitted.width, fitted.height)));
  const tiles = Math.ceil(width / 512) * Math.ceil(height / 512);
  const patches = Math.min(1536, Math.ceil(size.width / 32) * Math.ceil(size.height / 32));
  const byTiles = 85 + 170 * tiles;
  return { expected: byTiles, cautious: Math.max(byTiles, Math.ceil(patches * 1.62)) };
}

/** docs.claude.com, Vision: a token for 750 pixels, after the longer side was brought to 1568 and the whole to some 1600 tokens; the models from Opus 4.7 on see up to 2576 pixels and 4784 tokens. */
function anthropic(size: ImageSize): TokenEstimate {
  const tokens = (longest: number, most: number): number => {
    const { width, height } = scaled(size, Math.min(1, longest / Math.max(size.width, size.height)));
    return Math.min(most, Math.ceil((width * height) / 750));
  };
  return { expected: tokens(1568, 1600), cautious: tokens(2576, 4784) };
}

/** ai.google.dev, Understand and count tokens: 258 up to 384 × 384, else 258 for each tile of 768; Gemini 3 has 1120 for any at its default resolution. */
function google({ width, height }: ImageSize): TokenEstimate {
  const tiles = width <= 384 && height <= 384 ? 1 : Math.ceil(width / 768) * Math.ceil(height / 768);
  return { expected: 258 * Math.min(tiles, 16), cautious: Math.max(1120, 258 * Math.min(tiles, 16)) };
}

function scaled({ width, height }: ImageSize, factor: number): ImageSize {
  return { width: width * factor, height: height * factor };
}

/** Tokens for a second: Google's documentation says 32; OpenAI bills input audio at a token for 100 ms. */
const AUDIO_PER_SECOND = { openai: 10, anthropic: 10, google: 32 } as const;
/** 128 kbit/s, the usual MP3; speech is often coded at less, so that this may be twice what it is. */
const COMPRESSED_BYTES_PER_SECOND = 16_000;
const SPEECH_BYTES_PER_SECOND = 6_000;
/** A recording behind a link: a minute. */
const UNKNOWN_BYTES = 60 * COMPRESSED_BYTES_PER_SECOND;
/** 24 kHz with 16 bits, what speech models take and give. */
const PCM_BYTES_PER_SECOND = 48_000;

export function audioTokens(part: AudioPart, vendor: Vendor): TokenEstimate {
  const bytes = sizeOf(part.data) ?? UNKNOWN_BYTES;
  const plain = /wav|pcm|l16/i.test(part.mediaType);
  const tokens = (bytesPerSecond: number): number => Math.ceil((bytes / bytesPerSecond) * AUDIO_PER_SECOND[vendor]);
  return { expected: tokens(plain ? PCM_BYTES_PER_SECOND : COMPRESSED_BYTES_PER_SECOND), cautious: tokens(plain ? PCM_BYTES_PER_SECOND / 2 : SPEECH_BYTES_PER_SECOND) };
}

/** A page's text is 1,500 to 3,000 tokens and, beside that, an image (docs.claude.com, PDF support); Google counts a page as one image. */
const PAGE = { openai: { expected: 1500, cautious: 4000 }, anthropic: { expected: 2500, cautious: 4600 }, google: { expected: 258, cautious: 1120 } } as const;
/** No page of a scan or a typeset text is much smaller. */
const BYTES_PER_PAGE = { expected: 60_000, cautious: 15_000 } as const;

export function fileTokens(part: FilePart, vendor: Vendor): TokenEstimate {
  const bytes = sizeOf(part.data);
  if (/^text\/|json|xml|csv|javascript/i.test(part.mediaType) && bytes !== undefined) return textFileTokens(part.data, bytes);
  const pages = (bytesPerPage: number): number => Math.max(1, Math.ceil((bytes ?? UNKNOWN_PAGES * BYTES_PER_PAGE.expected) / bytesPerPage));
  return { expected: pages(BYTES_PER_PAGE.expected) * PAGE[vendor].expected, cautious: pages(BYTES_PER_PAGE.cautious) * PAGE[vendor].cautious };
}

/** Of a document behind a link. */
const UNKNOWN_PAGES = 4;

/** A sample stands for the whole: a text of ten megabytes need not be decoded for this. */
const SAMPLE_BYTES = 65_536;

function textFileTokens(data: string | Uint8Array, bytes: number): TokenEstimate {
  const sample = typeof data === 'string' ? sampleOf(data) : new TextDecoder().decode(data.subarray(0, SAMPLE_BYTES));
  const { expected, cautious } = estimateText(sample);
  const times = Math.max(1, bytes / SAMPLE_BYTES);
  return { expected: Math.ceil(expected * times), cautious: Math.ceil(cautious * times) };
}

function sampleOf(text: string): string {
  const base64 = text.slice(text.startsWith('data:') ? text.indexOf(',') + 1 : 0).slice(0, (SAMPLE_BYTES / 3) * 4);
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64.slice(0, base64.length - (base64.length % 4))), (character) => character.charCodeAt(0)));
  } catch {
    return text.slice(0, SAMPLE_BYTES); // not base64: what it is, it is as text
  }
}

/** In bytes; undefined for a link. */
function sizeOf(data: string | Uint8Array): number | undefined {
  if (typeof data !== 'string') return data.byteLength;
  return /^(?:https?|gs|s3|file):/i.test(data) ? undefined : Math.floor((data.length * 3) / 4);
}
