import { derive, type Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import { isOperation, type Outcome, type Reply } from '../core/reply.js';
import { safeViewKey } from '../core/safe-view.js';
import { transform } from '../core/transform.js';
import { ConfigError, isGatewayError, RejectedError } from '../errors.js';
import { loadNumberingPlans, numberingPlansLoaded } from '../redaction/detectors/numbering-plans.js';
import { createRedaction, type Redaction } from '../redaction/redaction.js';
import { compileSettings, type CompiledSettings, type RedactSettings } from '../redaction/settings.js';

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
    const leaks = redaction.leaks(wantsJson);

    async function below(inner: Call): Promise<Reply> {
      const reply = await next(inner);
      return reply.operation === 'chat' && leaks !== undefined ? transform(reply, leaks) : reply;
    }

    const reply = await observe(changed, below, (outcome) => {
      if (leaks !== undefined) record(call, redaction);
      const response = answerOf(outcome);
      call.locals.set(safeViewKey, { request: changed.request, ...(response !== undefined && { response }) });
    });
    const restore = redaction.restore(wantsJson);
    return reply.operation === 'chat' && restore !== undefined ? transform(reply, restore) : reply;
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

function answerOf(outcome: Outcome) {
  return outcome.status === 'ok' ? outcome.response : outcome.partial;
}

/** A detector that fails lets nothing through. Its own words may hold what it looked at, so they are not passed on. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (isGatewayError(cause)) throw cause;
    throw new RejectedError('redaction_failed', 'a detector or setting of redact failed, so nothing was sent', { cause });
  }
}
