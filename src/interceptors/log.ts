import type { Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Reply } from '../core/reply.js';
import { ConfigError } from '../errors.js';
import { callLine, decisionLine, type Line } from '../observing/call-line.js';

/** A logger like pino's, told by its `child`, gets fields and a message; one like the console gets one line of JSON. */
export interface Logger {
  info(...values: unknown[]): unknown;
  debug?(...values: unknown[]): unknown;
  readonly child?: unknown;
  isLevelEnabled?(level: string): boolean;
}

export interface LogOptions {
  readonly logger: Logger;
  /** `info`: one line for each call. `debug`: one for each decision too, as it is made, to the logger's `debug`. @default 'info' */
  readonly level?: 'info' | 'debug';
  /** Tags that are written, by name. @default none: a tag may name a person */
  readonly tags?: readonly string[];
}

/**
 * One line for each call, however it ended, to a logger you have. Never a prompt, an answer, a header or a key; nothing in it
 * can break the line or reach the terminal. A logger that throws does not hurt the call.
 *
 * @example
 * log({ logger: console })
 * log({ logger: pino(), level: 'debug', tags: ['team'] })
 */
export function log(options: LogOptions): Interceptor {
  const { logger, level, tags } = checked(options);
  const takesFields = typeof logger.child === 'function';

  function write(at: 'info' | 'debug', { message, fields }: Line): void {
    try {
      if (takesFields) logger[at]?.(fields, message);
      else logger[at]?.(JSON.stringify({ time: new Date().toISOString(), level: at, message, ...fields }));
    } catch {
      // a broken logger must not break the call it tells of
    }
  }

  function intercept(call: Call, next: Next): Promise<Reply> {
    if (level === 'debug' && logger.isLevelEnabled?.('debug') !== false) call.trace.subscribe((decision) => write('debug', decisionLine(call.id, decision)));
    return observe(call, next, (outcome) => write('info', callLine(call, outcome, tags)));
  }

  return { name: 'log', stage: 'observe', intercept };
}

function checked({ logger, level = 'info', tags = [] }: LogOptions) {
  if (typeof logger?.info !== 'function') throw wrong('logger', 'an object with an info function, such as console or a pino logger', typeof logger);
  if (level !== 'info' && level !== 'debug') throw wrong('level', "'info' or 'debug'", String(level));
  if (level === 'debug' && typeof logger.debug !== 'function') throw wrong('logger', "a debug function, for level 'debug'", typeof logger.debug);
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag !== '')) throw wrong('tags', 'a list of names of tags', typeof tags);
  return { logger, level, tags };
}

function wrong(option: string, wanted: string, got: string): ConfigError {
  return new ConfigError(`log: ${option}: wanted ${wanted}, got ${got}`);
}
