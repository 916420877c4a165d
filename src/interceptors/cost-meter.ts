import { race } from '../core/abort.js';
import { mayBeBilled } from '../core/billing.js';
import type { Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { localKey } from '../core/locals.js';
import type { Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { RejectedError } from '../errors.js';
import { createPriceBook, type UnknownPrice } from '../pricing/price-book.js';
import type { PriceTable } from '../types/price.js';
import type { AttemptReport } from '../types/report.js';

export interface CostMeterOptions {
  /** Prices of your own, by `provider/model` or `provider/*`, before those of the catalogue. A call may bring its own, which go before these. @default none */
  readonly prices?: PriceTable;
  /** What becomes of a target without a price: `warn` asks it all the same and says that its cost is unknown, `reject` does not ask it, `assume` charges it like this. @default 'warn' */
  readonly unknownPrice?: UnknownPrice;
}

/**
 * Says what every attempt cost: the failed, the retried, the cancelled and those nobody waited for too. Where no price is known
 * the cost is `undefined`, never zero. Usage that a provider did not report is counted and stays marked as `estimated`.
 */
export function costMeter(options: CostMeterOptions = {}): Interceptor {
  const { unknownPrice = 'warn' } = options;
  const book = createPriceBook(options);
  let loadAgainAt = -Infinity;

  /** Listens to the call's attempts for as long as there are any: some end when the call is over for its caller. */
  function meter({ trace, prices }: Call): void {
    const warned = new Set<string>();

    function charge({ target, index, certainty, usage, model, serviceTier, startedAt }: AttemptReport): void {
      if (usage === undefined || !mayBeBilled(certainty)) return; // a refusal costs nothing
      const { usd, status } = book.costOf(usage, target, { model, serviceTier, at: startedAt, prices });
      trace.record(NAME, { what: 'cost', usd, usage, price: status }, { target, index });
      const name = targetName(target);
      if (status !== 'unknown' || warned.has(name)) return;
      warned.add(name);
      trace.record(NAME, { what: 'warning', warning: { kind: 'dropped', setting: 'prices', detail: `no price is known for ${name}, so its cost is not counted; give it one in costMeter({ prices })` } }, { target, index });
    }

    trace.subscribe((decision) => {
      if (decision.what === 'attempt-end') charge(decision.report);
    });
  }

  /** Without the catalogue calls go on: its prices are unknown then. */
  async function loadCatalogue({ signal, trace }: Call): Promise<void> {
    try {
      await race(book.load(), signal);
    } catch {
      if (signal.aborted) throw signal.reason;
      loadAgainAt = performance.now() + LOAD_AGAIN_MS;
      trace.record(NAME, { what: 'warning', warning: { kind: 'dropped', setting: 'prices', detail: 'the catalogue of prices could not be loaded: check that @pydantic/genai-prices is installed; until then only your own prices are known' } });
    }
  }

  function ask(call: Call, next: Next): Promise<Reply> {
    if (unknownPrice === 'reject' && book.priceOf(call.target, { prices: call.prices }).status === 'unknown') throw refusal(call);
    return next(call);
  }

  return {
    name: NAME,
    stage: 'meter',
    intercept(call, next) {
      if (!call.locals.get(meteredKey)) {
        call.locals.set(meteredKey, true);
        meter(call);
      }
      if (book.ready || performance.now() < loadAgainAt) return ask(call, next);
      return loadCatalogue(call).then(() => ask(call, next));
    },
  };
}

const NAME = 'cost-meter';
/** How long the catalogue is left alone after it could not be loaded, in milliseconds. */
const LOAD_AGAIN_MS = 60_000;
/** Whether the attempts of this call are listened to. */
const meteredKey = localKey('cost-meter.metered', () => false);

function refusal({ target, trace }: Call): RejectedError {
  trace.record(NAME, { what: 'rejected', code: 'unknown_price' }, { target });
  return new RejectedError('unknown_price', `${targetName(target)} was not asked: no price is known for it; give it one in costMeter({ prices }) or in the prices of the call, or allow it with unknownPrice: 'warn'`, { target });
}
