import { costMeter, type Decision } from 'headgate';
import { mockProvider } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, failure, gatewayOf } from '../support/adapters.js';

const load = vi.hoisted(() => vi.fn<() => Promise<void>>());
vi.mock('../../src/pricing/loaded.js', () => ({ currentCatalogue: () => undefined, loadCatalogue: load }));

const model = { ...ask, model: 'mock/m' };
const told = (decisions: readonly Decision[] | undefined): readonly string[] => (decisions ?? []).flatMap((decision) => (decision.what === 'warning' ? [decision.warning.detail] : []));

describe('a catalogue that cannot be loaded', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => {
    vi.useRealTimers();
    load.mockReset();
  });

  it('fails no call: the cost is unknown, and why is said', async () => {
    load.mockRejectedValue(new Error('no such package'));
    const mock = mockProvider();
    mock.always('there');
    const { gateway: report } = await gatewayOf(mock, [costMeter()]).chat(model);
    expect(report?.cost.totalUsd).toBeUndefined();
    expect(told(report?.decisions)).toEqual([expect.stringContaining('the catalogue of prices could not be loaded'), expect.stringContaining('no price is known for mock/m')]);
  });

  it('leaves prices of one’s own as they are', async () => {
    load.mockRejectedValue(new Error('no such package'));
    const mock = mockProvider();
    mock.always('there');
    expect((await gatewayOf(mock, [costMeter({ prices: { 'mock/m': { input: 1, output: 10 } } })]).chat(model)).gateway?.cost.totalUsd).toBe(0.000_06);
  });

  it('is tried again after a minute, and not before', async () => {
    load.mockRejectedValue(new Error('too many open files'));
    const mock = mockProvider();
    mock.always('there');
    const gateway = gatewayOf(mock, [costMeter()]);
    await gateway.chat(model);
    vi.advanceTimersByTime(59_000);
    await gateway.chat(model);
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(2000);
    await gateway.chat(model);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('holds up no call that is aborted meanwhile', async () => {
    load.mockReturnValue(new Promise(() => {}));
    const mock = mockProvider();
    const controller = new AbortController();
    const failed = failure(gatewayOf(mock, [costMeter()]).chat(model, { signal: controller.signal }));
    controller.abort();
    expect(await failed).toMatchObject({ code: 'cancelled', report: { attempts: [] } });
    expect(mock.calls).toHaveLength(0);
  });
});
