import { readMedia } from '../../message/media.js';
import { textOr, type WireObject } from './wire.js';

/** Puts spoken output together: base64 pieces, a transcript in pieces, an id. */
export interface AudioStream {
  push(wire: WireObject): void;
  /** The whole, in the shape a unary answer has it; undefined when nothing came. */
  whole(): WireObject | undefined;
}

export function createAudioStream(): AudioStream {
  const pieces: string[] = [];
  let transcript = '';
  let others: Record<string, unknown> | undefined;
  return {
    push({ data, transcript: words, ...rest }) {
      if (typeof data === 'string') pieces.push(data);
      transcript += textOr(words) ?? '';
      others = { ...others, ...rest };
    },
    whole: () => (others === undefined ? undefined : { ...others, data: joinBase64(pieces), transcript }),
  };
}

/** Pieces that were each encoded for themselves end in padding, and cannot simply be joined. */
function joinBase64(pieces: readonly string[]): string {
  if (pieces.every((piece, index) => index === pieces.length - 1 || (piece.length % 4 === 0 && !piece.endsWith('=')))) return pieces.join('');
  try {
    const bytes = Uint8Array.from(pieces.map((piece) => atob(piece)).join(''), (letter) => letter.charCodeAt(0));
    const media = readMedia(bytes);
    return media.kind === 'base64' ? media.base64 : '';
  } catch {
    // Not base64 at all: what came is kept as it came.
    return pieces.join('');
  }
}
