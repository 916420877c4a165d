import { AsyncLocalStorage } from 'node:async_hooks';
import type { Interceptor } from 'headgate';
import { describe, expect, it } from 'vitest';
import { ask, gatewayOf, hello, streaming } from '../support/adapters.js';

describe('bind', () => {
  it('ties a stream to where it was made, whoever reads it, and each interceptor in its own way', async () => {
    const [maker, tenant] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<string>()];
    const seen: unknown[] = [];
    const tying = (name: string, storage: AsyncLocalStorage<string>): Interceptor => ({
      name,
      intercept: (call, next) => (seen.push(storage.getStore()), next(call)),
      bind(work) {
        const store = storage.getStore();
        return store === undefined ? work : () => storage.run(store, work);
      },
    });
    const gateway = gatewayOf(streaming(hello), [tying('a', maker), tying('b', tenant)]);
    const stream = maker.run('here', () => tenant.run('acme', () => gateway.stream(ask)));
    const response = await maker.run('elsewhere', () => stream.response());
    expect(response.text).toBe('Hello');
    expect(seen).toEqual(['here', 'acme']);
  });

  it('is asked for nothing when a call is sent at once', async () => {
    let asked = 0;
    const counting: Interceptor = { name: 'counting', intercept: (call, next) => next(call), bind: (work) => (asked++, work) };
    await gatewayOf(streaming(hello), [counting]).chat(ask);
    expect(asked).toBe(0);
  });
});
