import { isGatewayError, RejectedError } from '../errors.js';
import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import { rewriteAnswer, type AnswerRewrite } from './answer.js';
import { jsonText } from './json-text.js';
import { namesIn } from './names.js';
import { placeholderReader } from './placeholder-reader.js';
import { mapChatRequest, type TextMap } from './request.js';
import { Scanner } from './scanner.js';
import type { CompiledSettings, Rules } from './settings.js';
import { createStandIns, type StandIns } from './stand-ins.js';
import { rewriteText, type TextStream } from './text-stream.js';

/** How often each kind was found. */
export type Counts = Readonly<Record<string, number>>;

/** The redaction of one call: the only place where its values are, for as long as the call lives. */
export interface Redaction {
  chat(request: ChatRequest): ChatRequest;
  embed(request: EmbedRequest): EmbedRequest;
  /** What the model says by itself, redacted. Undefined when nobody asked for it. */
  leaks(wantsJson: boolean): AnswerRewrite | undefined;
  /** The caller's own values, brought back. Undefined when there are none. */
  restore(wantsJson: boolean): AnswerRewrite | undefined;
  /** What was found so far, and since this was last asked. */
  counts(): Counts;
}

export function createRedaction(settings: CompiledSettings, hashKey: string | Uint8Array | undefined): Redaction {
  const numbers = new Map<string, number>();
  let texts = (_read: (text: string) => string): void => {};
  let found = new Map<string, number>();
  let names: Set<string> | undefined;
  const own = createStandIns({ actionOf: settings.actionOf, hashKey, numbers, taken });

  /** What the request itself holds that looks like a placeholder: it must never be taken for one. */
  function taken(): ReadonlySet<string> {
    if (names !== undefined) return names;
    const all = (names = new Set<string>());
    texts((text) => {
      for (const name of namesIn(text)) all.add(name);
      return text;
    });
    return all;
  }

  function count(kind: string): void {
    found.set(kind, (found.get(kind) ?? 0) + 1);
  }

  /** Blocked kinds are gathered, so that the refusal names all of them. */
  function scannerOf(rules: Rules, standIns: StandIns, leaves: (value: string) => boolean, block: (kind: string) => void): TextStream {
    return new Scanner(rules.detectors, {
      counts(kind, value) {
        if (value !== undefined && (leaves(value) || rules.allows(value, kind))) return false;
        count(kind);
        const action = rules.actionOf(kind);
        if (action === 'block') block(kind);
        return action !== 'flag';
      },
      replace: (kind, value) => standIns.replace(kind, value),
    });
  }

  function mapping(): { readonly map: TextMap; readonly blocked: ReadonlySet<string> } {
    const blocked = new Set<string>();
    const scanner = scannerOf(settings, own, () => false, (kind) => blocked.add(kind));
    const json = jsonText(() => scanner);
    return {
      blocked,
      map: {
        text: (text) => rewriteText(scanner, text),
        json: (text) => rewriteText(json, text),
        unscannable(what) {
          if (settings.unscannable === 'block') throw new RejectedError('redaction_failed', `the request holds ${what}, which cannot be looked through; leave it out, or allow it with unscannable: 'allow'`);
        },
      },
    };
  }

  function refuse(blocked: ReadonlySet<string>): void {
    if (blocked.size > 0) throw new RejectedError('policy_denied', `the request holds what must not leave (${[...blocked].join(', ')}); take it out, or choose another action than 'block' for it`);
  }

  function restorer(): TextStream {
    return placeholderReader({ has: (name) => own.valueOf(name) !== undefined, begins: own.begins, known: (name, raw) => own.valueOf(name) ?? raw, text: (piece) => piece, textEnds: () => '' });
  }

  function leakReader(rules: Rules, standIns: StandIns): TextStream {
    const scanner = scannerOf(rules, standIns, own.holds, (kind) => {
      throw new RejectedError('policy_denied', `the answer held what must not come out (${kind}); it was ended there`);
    });
    if (!own.reversible) return scanner;
    // Placeholders of this call stand for the caller's own values: they are no leak.
    return placeholderReader({ has: (name) => own.valueOf(name) !== undefined, begins: own.begins, known: (_name, raw) => raw, text: (piece) => scanner.push(piece), textEnds: () => scanner.end() });
  }

  return {
    chat(request) {
      texts = (read) => void mapChatRequest(request, { text: read, json: read, unscannable: () => {} });
      const { map, blocked } = mapping();
      const redacted = mapChatRequest(request, map);
      refuse(blocked);
      return redacted;
    },
    embed(request) {
      texts = (read) => void request.input.map(read);
      const { map, blocked } = mapping();
      const input = request.input.map(map.text);
      refuse(blocked);
      return input.every((text, at) => text === request.input[at]) ? request : { ...request, input };
    },
    leaks(wantsJson) {
      const rules = settings.output;
      if (rules === undefined) return undefined;
      const standIns = createStandIns({ actionOf: rules.actionOf, hashKey, numbers, taken });
      const { delta, flush } = rewriteAnswer(() => leakReader(rules, standIns), wantsJson);
      return { delta: (piece) => guarded(() => delta(piece)), flush: () => guarded(flush) };
    },
    restore: (wantsJson) => (own.reversible ? rewriteAnswer(restorer, wantsJson) : undefined),
    counts() {
      const counts = Object.fromEntries(found);
      found = new Map();
      return counts;
    },
  };
}

/** A detector or a rule that fails lets nothing through. Its own words may hold what it looked at, so they are not passed on. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    throw new RejectedError('redaction_failed', 'a detector or a setting of redact failed, so nothing was let through; the cause says with what', { cause });
  }
}
