import { describe, expect, it } from 'vitest';
import { ConformanceError, mockProvider, providerSuite, type ProviderSubject } from '../../src/testing/index.js';
import { tinyAdapter, type Fault } from './tiny-adapter.js';

const tiny = (fault?: Fault): ProviderSubject => ({ connect: (server, apiKey) => tinyAdapter(server, apiKey, fault), without: ['embed'] });

describe('providerSuite passes an adapter over HTTP that keeps the contract', () => {
  for (const { name, run } of providerSuite(tiny())) it(name, run);
});

describe('providerSuite passes an adapter without HTTP that keeps the contract', () => {
  for (const { name, run } of providerSuite({ scripted: (replies) => mockProvider().reply(...replies) })) it(name, run);
});

describe('providerSuite passes an adapter with one method', () => {
  for (const method of ['chat', 'stream'] as const) {
    const without = (['chat', 'stream', 'embed'] as const).filter((other) => other !== method);
    for (const { name, run } of providerSuite({ scripted: (replies) => mockProvider({ methods: [method] }).reply(...replies), without })) it(`${method}: ${name}`, run);
  }
});

describe('providerSuite fails an adapter that', () => {
  const faults: readonly (readonly [what: string, fault: Fault, failing: string])[] = [
    ['calls a cut stream finished', 'finish-always', 'never gives finish for a stream that ended without its terminal marker'],
    ['makes zero of unknown usage', 'usage-as-zero', 'says nothing about tokens when the provider does not'],
    ['throws errors of another kind', 'untyped-errors', 'fails with authentication when the provider does'],
    ['ignores an abort', 'ignore-abort', 'stops when the signal fires, before its head and in the middle'],
    ['leaves the socket open when its reader leaves', 'keep-socket-on-leave', 'closes the socket at once when the reader leaves early'],
    ['quotes the provider in its message', 'key-in-error', 'shows no key, prompt or header in an error'],
    ['loses the last event', 'lose-last-event', 'says the same streamed as whole'],
    ['leaves a rejection to nobody', 'unhandled', 'gives the text and the finish reason in every form it has'],
    ['streams in one chunk', 'one-chunk', 'streams in pieces, each as it comes'],
    ['says twice that it sent', 'sent-twice', 'says once that the request was sent, then once that an answer came'],
    ['drops the headers of a call', 'no-headers', 'sends its key and the headers of the call'],
    ['follows redirects', 'follow-redirects', 'follows no redirect'],
    ['leaves a listener on the signal', 'listener-left', 'leaves no listener on the signal, and no timer that keeps the process'],
    ['has one finish reason for all', 'finish-reason', 'tells an answer cut by its length limit from a whole one'],
    ['does not say how long to wait', 'ignore-retry-after', 'hands on how long the provider asks to wait'],
  ];
  for (const [what, fault, failing] of faults) {
    it(what, async () => {
      const found = providerSuite(tiny(fault)).find(({ name }) => name === failing);
      await expect(found?.run()).rejects.toBeInstanceOf(ConformanceError);
    });
  }
});
