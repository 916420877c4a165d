import type { ServerReply } from 'headgate/testing';

const PIECES = 10;
const PIECE_MS = 1000;

/** A quota that no storm can use up: this is about what is left behind, not about limits. */
const QUOTA = { 'x-ratelimit-limit-requests': '1000000', 'x-ratelimit-remaining-requests': '999999' };

/** What every stream is given, and how long that takes. */
export const ANSWER: ServerReply = { text: Array.from({ length: PIECES }, (_, at) => `word ${at} `), chunkDelayMs: PIECE_MS, headers: QUOTA };
export const TEXT = Array.from({ length: PIECES }, (_, at) => `word ${at} `).join('');
export const ANSWER_MS = PIECES * PIECE_MS;

/** Soon after a round no socket is there any more, so that one that is left can be seen. */
export const IDLE_SOCKET_MS = 1000;
