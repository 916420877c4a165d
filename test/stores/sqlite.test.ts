import { ledgerSuite } from 'headgate/testing';
import { sqliteLedger } from 'headgate/stores/sqlite';
import { describe, it } from 'vitest';

describe('conformance', () => {
  for (const { name, run } of ledgerSuite({ create: () => sqliteLedger({ path: ':memory:' }) })) it(name, run);
});
