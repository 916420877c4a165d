import { exactCache } from 'headgate';
import { interceptorSuite } from 'headgate/testing';
import { describe, it } from 'vitest';

describe('exactCache keeps to what every interceptor owes', () => {
  for (const { name, run } of interceptorSuite({ create: () => exactCache({ scope: 'shared' }) })) it(name, run);
});
