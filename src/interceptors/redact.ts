import { derive, type Call } from '../core/call.js';
import { Fold } from '../core/fold.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import { isOperation, type Reply } from '../core/reply.js';
import { safeViewKey } from '../core/safe-view.js';
import { transform } from '../core/transform.js';
import { ConfigError, copyError, ExhaustedError, isGatewayError, type GatewayError } from '../errors.js';
import { textOf, toolCallsOf, unfold } from '../message/content.js';
import type { AnswerRewrite } from '../redaction/answer.js';
import { loadNumberingPlans, numberingPlansLoaded } from '../redaction/detectors/numbering-plans.js';
import { createRedaction, guarded, type Redaction } from '../redaction/redaction.js';
import { compileSettings, type CompiledSettings, type RedactSettings } from '../redaction/settings.js';
import type { ChatResponse } from '../types/chat.js';

export interface RedactOptions extends RedactSettings {
  /**
   * Other settings for some calls: what it gives replaces the settings above of the same name. Give the same object for the
   * same settings: they are prepared once each. `undefined`: those above.
   * @default undefined
   */
  readonly settingsFor?: (tags: Readonly<Record<string, string>>) => RedactSettings | undefined;
  /** Secret of the action `hash`, 16 characters or more. Whoever has it can find out short values by trying. @default none */
  readonly hashKey?: string | Uint8Array;
}

/**
 * Replaces sensitive text before anything below sees it, and brings it back in the answer. Values live in the call alone. A
 * view of the call without them is left for those who write things down.
 */
export function redact(options: RedactOptions = {}): Interceptor {
  const { settingsFor, hashKey, ...base } = options;
  if (settingsFor !== undefined && typeof settingsFor !== 'function') throw new ConfigError(`redact: settingsFor: wanted a function of the call's tags, got ${typeof settingsFor}`);
  if (hashKey !== undefined && !((typeof hashKey === 'string' || hashKey instanceof Uint8Array) && hashKey.length >= 16)) throw new ConfigError('redact: hashKey: wanted a secret of 16 characters or more, got another value');
  const compiled = compileSettings(base, hashKey !== undefined);
  const others = new WeakMap<RedactSettings, CompiledSettings>();

  function settingsOf(call: Call): CompiledSettings {
    const own = settingsFor?.(call.tags);
    if (own === undefined) return compiled;
    const known = others.get(own) ?? compileSettings({ ...base, ...own }, hashKey !== undefined);
    others.set(own, known);
    return known;
  }

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const settings = guarded(() => settingsOf(call));
    if (settings.phones && !numberingPlansLoaded()) await loadNumberingPlans();
    const redaction = createRedaction(settings, hashKey);
    const changed = guarded(() => redacted(call, redaction));
    record(call, redaction);
    call.locals.set(safeViewKey, { request: changed.request });
    const wantsJson = isOperation(call, 'chat') && call.request.output !== undefined;
    const withoutLeaks: Next = (inner) => rewritten(next(inner), () => redaction.leaks(wantsJson));
    const viewed = observe(changed, withoutLeaks, (outcome) => {
      record(call, redaction);
      const response = outcome.status === 'ok' ? outcome.response : (outcome.partial ?? outcome.error.partial);
      call.locals.set(safeViewKey, { request: changed.request, ...(response !== undefined && { response }) });
    });
    return rewritten(viewed, () => redaction.restore(wantsJson));
  }

  return { name: NAME, stage: 'redact', intercept };
}

const NAME = 'redact';

function redacted(call: Call, redaction: Redaction): Call {
  const request = isOperation(call, 'chat') ? redaction.chat(call.request) : redaction.embed(call.request);
  return request === call.request ? call : derive(call, { request });
}

function record({ trace }: Call, redaction: Redaction): void {
  const kinds = redaction.counts();
  if (Object.keys(kinds).length > 0) trace.record(NAME, { what: 'redacted', kinds });
}

/** The reply as `make` rewrites it, and what had come of it when it failed. Nothing is done where there is nothing to rewrite. */
async function rewritten(opening: Promise<Reply>, make: () => AnswerRewrite | undefined): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await opening;
  } catch (error) {
    throw isGatewayError(error) ? withPartial(error, make) : error;
  }
  if (reply.operation !== 'chat') return reply;
  const rewrite = make();
  return rewrite === undefined ? reply : transform(reply, rewrite);
}

/** A plain call may be answered by a stream that breaks: what had come of that never passed as a reply. */
function withPartial(error: GatewayError, make: () => AnswerRewrite | undefined): GatewayError {
  if (error instanceof ExhaustedError) {
    const { retryable, retryAfterMs, target, cause } = error;
    const partial = error.partial && rewriteWhole(error.partial, make);
    return new ExhaustedError(error.errors.map((each) => withPartial(each, make)), { retryable, retryAfterMs, target, cause, partial });
  }
  return error.partial === undefined ? error : copyError(error, { partial: rewriteWhole(error.partial, make) });
}

function rewriteWhole(response: ChatResponse, make: () => AnswerRewrite | undefined): ChatResponse {
  const rewrite = make();
  if (rewrite === undefined) return response;
  const fold = new Fold();
  for (const delta of [...unfold(response.content).flatMap((each) => rewrite.delta(each)), ...rewrite.flush()]) fold.push(delta);
  const content = fold.content();
  return { ...response, content, text: textOf(content), toolCalls: toolCallsOf(content) };
}
