import { createGateway, ledger, memoryLedger, type Gateway, type Interceptor, type Ledger, type LedgerEntry, type LedgerInterceptor, type LedgerOptions } from 'headgate';
import { mockProvider, type MockProvider } from 'headgate/testing';
import { collect } from './adapters.js';

export interface LedgerSetting {
  readonly store: Ledger;
  readonly mock: MockProvider;
  readonly other: MockProvider;
  readonly book: LedgerInterceptor;
  readonly gateway: Gateway;
  /** All rows, once what is there is written. */
  rows(): Promise<readonly LedgerEntry[]>;
}

/** A gateway with a ledger around `inner`; the model `smart` goes to `mock/m`, then to `other/m`. */
export function ledgerSetting(options: Partial<LedgerOptions> = {}, inner: readonly Interceptor[] = []): LedgerSetting {
  const store = options.store ?? memoryLedger();
  const [mock, other] = [mockProvider(), mockProvider({ name: 'other' })];
  const book = ledger({ store, ...options });
  const gateway = createGateway({ providers: [mock, other], interceptors: [book, ...inner], models: { smart: ['mock/m', 'other/m'] } });
  return {
    store, mock, other, book, gateway,
    async rows() {
      await book.flush();
      return collect(store.entries({}));
    },
  };
}

/** A ledger that can be told what to do with appends. */
export interface UnsteadyLedger extends Ledger {
  state: 'up' | 'slow' | 'down' | 'hanging';
  /** Appends that came. */
  appends: number;
}

export function unsteadyLedger(): UnsteadyLedger {
  const kept = memoryLedger();
  const obey = async <T>(work: () => Promise<T>): Promise<T> => {
    if (unsteady.state === 'down') throw new Error('connection refused');
    if (unsteady.state === 'hanging') await new Promise(() => {});
    if (unsteady.state === 'slow') await new Promise((resolve) => setTimeout(resolve, 20));
    return work();
  };
  const unsteady: UnsteadyLedger = {
    ...kept,
    state: 'up',
    appends: 0,
    append(entries) {
      unsteady.appends++;
      return obey(() => kept.append(entries));
    },
    totals: (query) => obey(() => kept.totals(query)),
  };
  return unsteady;
}
