import { fakeServer, type FakeServer, type ServerReply } from 'headgate/testing';

export interface Account {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** A provider on this machine that gives these replies, and accounts to reach it with: the examples need no key and no network. */
export interface Loopback extends AsyncDisposable {
  readonly server: FakeServer;
  readonly openai: Account;
  readonly anthropic: Account;
  readonly google: Account;
}

export async function loopback(...replies: readonly ServerReply[]): Promise<Loopback> {
  const server = await fakeServer();
  server.reply(...replies);
  return {
    server,
    openai: { apiKey: 'loopback', baseUrl: server.baseUrls.openai },
    anthropic: { apiKey: 'loopback', baseUrl: server.baseUrls.anthropic },
    google: { apiKey: 'loopback', baseUrl: server.baseUrls.google },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
