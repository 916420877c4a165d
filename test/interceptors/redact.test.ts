import { inspect } from 'node:util';
import { ConfigError, createGateway, exactCache, fallback, formatReport, isGatewayError, observe, RejectedError, safeViewKey, type ChatRequest, type Interceptor, type Message, type SafeView } from 'headgate';
import { redact, type RedactOptions } from 'headgate/redact';
import { interceptorSuite, mockProvider, type AnswerReply, type MockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { begin, collect, failure, gatewayOf, streaming, text } from '../support/adapters.js';

const EMAIL = 'jane.doe@acme-corp.io';
const CARD = '4111 1111 1111 1111';
const question = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({ model: 'mock/m', messages: [{ role: 'user', content }], ...more });

function redacting(options: RedactOptions = {}, reply: AnswerReply | string = 'Done.', around: { readonly outside?: readonly Interceptor[]; readonly inside?: readonly Interceptor[] } = {}) {
  const mock = mockProvider({ name: 'mock' });
  mock.always(reply);
  const gateway = createGateway({ providers: [mock], interceptors: [...(around.outside ?? []), redact(options), ...(around.inside ?? [])] });
  return { gateway, mock };
}

function asked(mock: MockProvider): readonly ChatRequest[] {
  return mock.calls.map(({ request }) => request as ChatRequest); // nothing else is asked here
}

/** What reached the provider, whatever it is in. */
function sent(mock: MockProvider): string {
  return JSON.stringify(mock.calls.map(({ request }) => request));
}

describe('redact keeps to what every interceptor owes', () => {
  for (const { name, run } of interceptorSuite({ create: () => redact() })) it(name, run);
  for (const { name, run } of interceptorSuite({ create: () => redact({ output: {} }), changes: ['content'] })) it(`${name}, with output looked through`, run);
});

describe('redact', () => {
  it('sends placeholders and gives the caller own values back, plain and streamed', async () => {
    const { gateway, mock } = redacting({}, { text: ['I wrote to [EM', 'AIL_1], not to ', '[EMAIL_2', '].'] });
    const ask = question(`Write to ${EMAIL} and to bob@acme-corp.io, then to ${EMAIL} again.`);
    const plain = await gateway.chat(ask);
    const streamed = await gateway.stream(ask).response();
    expect(plain.text).toBe(`I wrote to ${EMAIL}, not to bob@acme-corp.io.`);
    expect(streamed.content).toEqual(plain.content);
    expect(mock.calls[0]?.request).toMatchObject({ messages: [{ role: 'user', content: 'Write to [EMAIL_1] and to [EMAIL_2], then to [EMAIL_1] again.' }] });
  });

  it('streams text that can be no placeholder as it comes', async () => {
    const { gateway } = redacting({}, { text: ['Hello ', 'there, ', '[EMAIL_1', '], how ', 'are ', 'you?'] });
    const events = await collect(gateway.stream(question(EMAIL)));
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual(['Hello ', 'there, ', `${EMAIL}, how `, 'are ', 'you?']);
  });

  it('costs nothing on the way back when nothing was replaced', async () => {
    const { gateway, mock } = redacting({}, 'Hello [EMAIL_1].');
    const ask = question('Nothing here.');
    expect((await gateway.chat(ask)).text).toBe('Hello [EMAIL_1].');
    expect(mock.calls[0]?.request).toMatchObject({ messages: ask.messages });
  });

  it('understands placeholders that the model wrote its own way', async () => {
    const { gateway } = redacting({}, String.raw`[email_1], [ EMAIL 1 ], \[EMAIL\_1\], [Email-1], **[EMAIL_1]**, [EMAIL_9], [EMAIL_1`);
    expect((await gateway.chat(question(EMAIL))).text).toBe(`${EMAIL}, ${EMAIL}, ${EMAIL}, ${EMAIL}, **${EMAIL}**, [EMAIL_9], [EMAIL_1`);
  });

  it('never takes for a placeholder what the caller wrote', async () => {
    const { gateway, mock } = redacting({}, 'You said [EMAIL_1] and [email 2], and I read [EMAIL_3].');
    const answer = await gateway.chat(question(`The template has [EMAIL_1] and [ email_2 ]. I am ${EMAIL}.`));
    expect(sent(mock)).toContain('I am [EMAIL_3].');
    expect(answer.text).toBe(`You said [EMAIL_1] and [email 2], and I read ${EMAIL}.`);
  });

  it('brings values back inside the arguments of tools, which stay JSON', async () => {
    const secret = 'p"a\\ss{word}';
    const { gateway } = redacting({ detectors: [{ kind: 'word', pattern: /p"a\\ss\{word\}/, maxLength: 20 }] }, { toolCalls: [{ name: 'send', input: { to: '[EMAIL_1]', '[EMAIL_1]': ['[WORD_1]', 1.5, null] } }], chunkSize: 1 });
    const ask = question(`${EMAIL} ${secret}`);
    for (const answer of [await gateway.chat(ask), await gateway.stream(ask).response()]) expect(answer.toolCalls).toMatchObject([{ input: { to: EMAIL, [EMAIL]: [secret, 1.5, null] } }]);
  });

  it('brings values back into structured output, escaped as JSON wants it', async () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----';
    const { gateway } = redacting({}, { object: { key: '[PRIVATE_KEY_1]' } });
    expect((await gateway.chat(question(`Key: ${key}`, { output: { type: 'json' } }))).object).toEqual({ key });
  });

  it('brings values back in reasoning, refusals and citations', async () => {
    const { gateway } = redacting({}, { content: [{ type: 'reasoning', text: 'About [EMAIL_1].' }, { type: 'text', text: 'See.', citations: [{ quote: 'by [EMAIL_1]' }] }, { type: 'refusal', text: 'Not [EMAIL_1].' }] });
    for (const answer of [await gateway.chat(question(EMAIL)), await gateway.stream(question(EMAIL)).response()]) {
      expect(answer.content).toEqual([{ type: 'reasoning', text: `About ${EMAIL}.` }, { type: 'text', text: 'See.', citations: [{ quote: `by ${EMAIL}` }] }, { type: 'refusal', text: `Not ${EMAIL}.` }]);
    }
  });

  it('looks through everything of a request that a provider would read', async () => {
    const messages: readonly Message[] = [
      { role: 'system', content: `system ${EMAIL}` },
      { role: 'system', content: [{ type: 'text', text: `part ${EMAIL}` }] },
      { role: 'user', content: [{ type: 'text', text: `user ${EMAIL}`, citations: [{ quote: EMAIL }] }, { type: 'file', mediaType: 'text/plain', name: `${EMAIL}.txt`, data: Buffer.from(`file ${EMAIL}`).toString('base64') }] },
      { role: 'assistant', content: [{ type: 'reasoning', text: EMAIL }, { type: 'refusal', text: EMAIL }, { type: 'tool-call', id: 'c', name: 'f', input: { to: EMAIL, [EMAIL]: 4111111111111111 } }, { type: 'tool-call', id: 'd', name: 'f', input: null, invalidInput: `{"to": "${EMAIL}` }] },
      { role: 'assistant', content: `said ${EMAIL}` },
      { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: EMAIL }, { type: 'file', mediaType: 'application/json', data: new TextEncoder().encode(`{"to":"${EMAIL}"}`) }] },
      { role: 'tool', toolCallId: 'd', content: EMAIL },
    ];
    const { gateway, mock } = redacting();
    await gateway.chat({
      model: 'mock/m',
      messages,
      stop: [EMAIL],
      tools: [{ name: 'f', description: EMAIL, parameters: { type: 'object', properties: { to: { type: 'string', description: EMAIL, enum: [EMAIL], default: EMAIL, pattern: 'a@b.co' } } } }],
      output: { type: 'json', schema: { description: EMAIL } },
    });
    const seen = sent(mock);
    expect(seen).not.toContain('jane.doe');
    expect(seen).not.toContain('4111111111111111');
    expect(seen).toContain('a@b.co');
    const [request] = asked(mock);
    const file = JSON.stringify(request?.messages[2]).match(/"data":"([^"]*)"/)?.[1] ?? '';
    expect(Buffer.from(file, 'base64').toString()).toBe('file [EMAIL_1]');
    expect(JSON.stringify(request?.messages[5])).not.toContain(Buffer.from(EMAIL).toString('base64').slice(0, 12));
  });

  it('redacts the input of embeddings', async () => {
    const mock = mockProvider({ name: 'mock' });
    mock.always({ embeddings: [[1], [2]] });
    const gateway = createGateway({ providers: [mock], interceptors: [redact()] });
    await gateway.embed({ model: 'mock/e', input: [`I am ${EMAIL}`, 'nobody'] });
    expect(mock.calls[0]?.request).toMatchObject({ input: ['I am [EMAIL_1]', 'nobody'] });
  });

  it('numbers the values of a conversation alike as it goes on', async () => {
    const { gateway, mock } = redacting();
    const first: Message = { role: 'user', content: `${EMAIL}, bob@acme-corp.io` };
    await gateway.chat({ model: 'mock/m', messages: [first] });
    await gateway.chat({ model: 'mock/m', messages: [first, { role: 'assistant', content: `Hello ${EMAIL}` }, { role: 'user', content: 'amy@acme-corp.io' }] });
    const [before, after] = asked(mock).map(({ messages }) => messages);
    expect(after?.[0]).toEqual(before?.[0]);
    expect(after?.slice(1).map(({ content }) => content)).toEqual(['Hello [EMAIL_1]', '[EMAIL_3]']);
  });

  it('passes pictures and other bytes on, or refuses them where asked', async () => {
    const ask: ChatRequest = { model: 'mock/m', messages: [{ role: 'user', content: [{ type: 'image', data: 'https://x.test/a.png' }] }] };
    await redacting().gateway.chat(ask);
    const refused = await failure(redacting({ unscannable: 'block' }).gateway.chat(ask));
    expect(refused).toMatchObject({ code: 'redaction_failed', message: "the request holds an image, which cannot be looked through; leave it out, or allow it with unscannable: 'allow'" });
  });
});

describe('what becomes of a value', () => {
  it.each<[RedactOptions, string]>([
    [{ action: 'mask' }, `Pay **** **** **** **** for ****.***@****-****.**`],
    [{ action: 'synthetic' }, 'Pay 4111 1100 0000 0013 for person1@example.com'],
    [{ action: 'flag' }, `Pay ${CARD} for ${EMAIL}`],
    [{ actions: { card: 'mask' } }, 'Pay **** **** **** **** for [EMAIL_1]'],
    [{ kinds: ['card'] }, `Pay [CARD_1] for ${EMAIL}`],
    [{ without: ['card'] }, `Pay ${CARD} for [EMAIL_1]`],
    [{ allow: [EMAIL] }, `Pay [CARD_1] for ${EMAIL}`],
    [{ allow: (value, kind) => kind === 'email' && value.endsWith('@acme-corp.io') }, `Pay [CARD_1] for ${EMAIL}`],
  ])('%j', async (options, expected) => {
    const { gateway, mock } = redacting(options);
    await gateway.chat(question(`Pay ${CARD} for ${EMAIL}`));
    expect(mock.calls[0]?.request).toMatchObject({ messages: [{ content: expected }] });
  });

  it('a hash is the same for the same value and key, and for no other', async () => {
    const hashOf = async (hashKey: string, value: string): Promise<unknown> => {
      const { gateway, mock } = redacting({ action: 'hash', hashKey });
      await gateway.chat(question(value));
      return asked(mock)[0]?.messages[0]?.content;
    };
    const first = await hashOf('a key of some length', EMAIL);
    expect(first).toMatch(/^\[EMAIL:[\da-f]{16}\]$/);
    expect(await hashOf('a key of some length', EMAIL)).toBe(first);
    expect(await hashOf('another key of length', EMAIL)).not.toBe(first);
    expect(await hashOf('a key of some length', 'bob@acme-corp.io')).not.toBe(first);
  });

  it('a call with what is blocked is refused, naming the kinds and never the values', async () => {
    const { gateway, mock } = redacting({ actions: { card: 'block', email: 'block' } });
    const error = await failure(gateway.chat(question(`Pay ${CARD} for ${EMAIL}`)));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ code: 'policy_denied', message: "the request holds what must not leave (card, email); take it out, or choose another action than 'block' for it" });
    expect(mock.calls).toEqual([]);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/4111|jane/);
  });

  it('the report says how much of each kind was found', async () => {
    const { gateway } = redacting({ actions: { card: 'flag' } });
    const { gateway: report } = await gateway.chat(question(`${EMAIL} ${EMAIL} ${CARD}`));
    expect(report?.decisions.filter(({ what }) => what === 'redacted')).toMatchObject([{ by: 'redact', kinds: { email: 2, card: 1 } }]);
  });

  it('calls with other tags may have other settings', async () => {
    const clinic = { kinds: ['us-*'] };
    const { gateway, mock } = redacting({ settingsFor: ({ tenant }) => (tenant === 'clinic' ? clinic : undefined) });
    await gateway.chat(question(`${EMAIL} 219-09-9999`), { tags: { tenant: 'clinic' } });
    await gateway.chat(question(`${EMAIL} 219-09-9999`));
    expect(asked(mock).map(({ messages }) => messages[0]?.content)).toEqual([`${EMAIL} [US_SSN_1]`, '[EMAIL_1] [US_SSN_1]']);
  });

  it('a detector of your own finds what you know', async () => {
    const { gateway, mock } = redacting({ detectors: [{ kind: 'employee-number', pattern: /\bE-\d{6}\b/, maxLength: 8 }, { kind: 'badge', maxLength: 5, find: (all) => [...all.matchAll(/#\d{4}/g)].map(({ index }) => ({ start: index, end: index + 5 })) }, { kind: 'blob', pattern: /blob:/, maxLength: 5, body: /[a-f0-9]/ }] });
    await gateway.chat(question(`E-123456 has #9876 and blob:${'a0'.repeat(500)}!`));
    expect(mock.calls[0]?.request).toMatchObject({ messages: [{ content: '[EMPLOYEE_NUMBER_1] has [BADGE_1] and [BLOB_1]!' }] });
  });

  it('a detector that finds nothing, or accepts nothing, in the middle of characters comes to an end', async () => {
    const { gateway, mock } = redacting({ kinds: ['empty', 'none', 'part'], detectors: [{ kind: 'empty', pattern: /x{0,1}/u, maxLength: 1 }, { kind: 'none', pattern: /\p{Emoji}/u, maxLength: 2, accepts: () => false }, { kind: 'part', pattern: /abcdef/, maxLength: 6, accepts: () => 3 }] });
    await gateway.chat(question('\u{1f600}\u{1f600} abcdef'));
    expect(mock.calls[0]?.request).toMatchObject({ messages: [{ content: '\u{1f600}\u{1f600} [PART_1]def' }] });
  });

  it('a detector that fails lets nothing through and tells nothing', async () => {
    const { gateway, mock } = redacting({ detectors: [{ kind: 'broken', maxLength: 5, find: (all) => { throw new Error(`cannot read ${all}`); } }] });
    const error = await failure(gateway.chat(question(`I am ${EMAIL}`)));
    expect(error).toMatchObject({ code: 'redaction_failed' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('jane');
    expect(mock.calls).toEqual([]);
  });
});

describe('what fails', () => {
  const broken = (told: string): unknown => { throw new Error(`cannot read ${told}`); };
  const failures: readonly RedactOptions[] = [{ allow: (value) => Boolean(broken(value)) }, { settingsFor: (tags) => { throw new Error(JSON.stringify(tags)); } }];

  it.each(failures)('lets nothing through and tells nothing: %o', async (options) => {
    const { gateway, mock } = redacting(options);
    const error = await failure(gateway.chat(question(`I am ${EMAIL}`), { tags: { user: 'jane' } }));
    expect(error).toMatchObject({ code: 'redaction_failed' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('jane');
    expect(mock.calls).toEqual([]);
  });

  it('ends an answer, and tells nothing of it', async () => {
    const { gateway } = redacting({ output: { allow: (value) => Boolean(broken(value)) } }, { text: ['Ask ', 'amy@widgets.com', ' now.'] });
    for (const work of [gateway.chat(question('hi')), gateway.stream(question('hi')).response()]) {
      const error = await failure(work);
      expect(error).toMatchObject({ code: 'redaction_failed' });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('amy');
    }
  });

  it('in the middle of an answer leaves the caller what came, restored, plain or streamed', async () => {
    for (const method of ['chat', 'stream'] as const) {
      const gateway = gatewayOf(streaming([begin, text('Dear [EMAIL_1], '), text('I am'), new Error('socket')], 'mock'), [redact()]);
      const error = await failure(method === 'chat' ? gateway.chat(question(EMAIL)) : gateway.stream(question(EMAIL)).response());
      expect(isGatewayError(error) && error.partial?.text).toBe(`Dear ${EMAIL}, I am`);
    }
  });
});

describe('what the model says by itself', () => {
  it('is not in what a broken answer leaves, however it broke', async () => {
    const adapter = streaming([begin, text('Ask amy@widgets.com about [EMAIL_1] now, '), text('please'), new Error('socket')], 'mock');
    for (const method of ['chat', 'stream'] as const) {
      for (const more of [[], [fallback()]]) {
        const gateway = gatewayOf(adapter, [redact({ output: {} }), ...more]);
        const error = await failure(method === 'chat' ? gateway.chat(question(EMAIL)) : gateway.stream(question(EMAIL)).response());
        expect(isGatewayError(error) && error.partial?.text).toMatch(/^Ask \[EMAIL_2\] about jane\.doe@acme-corp\.io/);
      }
    }
  });

  const leak = { text: ['Ask amy@wid', 'gets.com, not [EMAIL_1], card 4111 11', '11 1111 1111.'] };
  const wanted = `Ask [EMAIL_2], not ${EMAIL}, card [CARD_1].`;

  it('is redacted too where asked, the same plain and streamed', async () => {
    const { gateway } = redacting({ output: {} }, leak);
    expect((await gateway.chat(question(EMAIL))).text).toBe(wanted);
    expect((await gateway.stream(question(EMAIL)).response()).text).toBe(wanted);
  });

  it("never touches the caller's own placeholders, whatever a detector makes of them", async () => {
    const { gateway } = redacting({ output: { kinds: ['tag'] }, detectors: [{ kind: 'tag', pattern: /\[\w{1,20}\]/, maxLength: 22 }] }, { text: ['So [EMA', 'IL_1] and [other', '].'] });
    for (const answer of [await gateway.chat(question(EMAIL)), await gateway.stream(question(EMAIL)).response()]) expect(answer.text).toBe(`So ${EMAIL} and [TAG_1].`);
  });

  it('stays where it is allowed, however long it takes to come', async () => {
    const blob = { kind: 'blob', pattern: /blob:/, maxLength: 5, body: /[a-f0-9]/ } as const;
    const token = `blob:${'a1'.repeat(40)}`;
    const { gateway } = redacting({ detectors: [blob], kinds: ['blob'], output: { allow: [token] } }, { text: [...`Use ${token} or ${token}b!`] });
    const answers = [await gateway.chat(question('hi')), await gateway.stream(question('hi')).response()];
    for (const answer of answers) expect(answer.text).toBe(`Use ${token} or [BLOB_1]!`);
  });

  it('is found where a character comes in halves', async () => {
    const face = { kind: 'face', pattern: /\p{Extended_Pictographic}/u, maxLength: 2, characters: /\p{Extended_Pictographic}/u } as const;
    const { gateway } = redacting({ kinds: ['face'], detectors: [face], output: {} }, { text: ['Hi \ud83d', '\ude00!'] });
    expect((await gateway.stream(question('hi')).response()).text).toBe('Hi [FACE_1]!');
  });

  it("is not redacted where it is the caller's own", async () => {
    const { gateway } = redacting({ output: {} }, `I guess ${EMAIL}, or [EMAIL_1].`);
    expect((await gateway.chat(question(EMAIL))).text).toBe(`I guess ${EMAIL}, or ${EMAIL}.`);
  });

  it('is redacted inside the arguments of tools, numbers too', async () => {
    const { gateway } = redacting({ output: { action: 'mask' } }, { toolCalls: [{ name: 'pay', input: { card: 4111111111111111, to: 'amy@widgets.com', count: 12 } }], chunkSize: 3 });
    for (const answer of [await gateway.chat(question('hi')), await gateway.stream(question('hi')).response()]) expect(answer.toolCalls).toMatchObject([{ input: { card: '****************', to: '***@*******.***', count: 12 } }]);
  });

  it('ends the answer where it is blocked, and says so without saying it', async () => {
    const { gateway } = redacting({ output: { action: 'block' } }, { text: ['So far so good. ', 'amy@widgets.com', ' is it.'] });
    const error = await failure(gateway.stream(question('hi')).response());
    expect(error).toMatchObject({ code: 'policy_denied', message: 'the answer held what must not come out (email); it was ended there' });
    expect(isGatewayError(error) && error.partial?.text).toMatch(/^So far so/);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('amy');
  });

  it('is counted in the report', async () => {
    const { gateway } = redacting({ output: {} }, leak);
    const { gateway: report } = await gateway.chat(question(EMAIL));
    expect(report?.decisions.filter(({ what }) => what === 'redacted')).toMatchObject([{ kinds: { email: 1 } }, { kinds: { email: 1, card: 1 } }]);
  });
});

describe('where values are, and where they are not', () => {
  it('two tenants with the same redacted question share an answer and get own values back', async () => {
    const { gateway, mock } = redacting({}, 'Hello [EMAIL_1].', { inside: [exactCache({ scope: 'shared' })] });
    const answers = [];
    for (const who of ['jane@acme-corp.io', 'bob@widgets.com', 'amy@other.org']) answers.push((await gateway.chat(question(`Greet ${who}!`))).text);
    expect(answers).toEqual(['Hello jane@acme-corp.io.', 'Hello bob@widgets.com.', 'Hello amy@other.org.']);
    expect(mock.calls).toHaveLength(1);
  });

  it('interceptors below see no value in request, answer, or error', async () => {
    const seen: unknown[] = [];
    const spy: Interceptor = { name: 'spy', stage: 'guard', intercept: (call, next) => (seen.push(call.request, call.trace.decisions), observe(call, next, (outcome) => void seen.push(outcome))) };
    const { gateway } = redacting({}, 'Hello [EMAIL_1].', { inside: [spy] });
    await gateway.chat(question(`I am ${EMAIL}`));
    await gateway.stream(question(`I am ${EMAIL}`)).response();
    expect(inspect(seen, { depth: Infinity })).not.toContain('jane');
  });

  it('those outside find a view of request and answer without values', async () => {
    const views: (SafeView | undefined)[] = [];
    const audit: Interceptor = { name: 'audit', stage: 'audit', intercept: (call, next) => observe(call, next, () => void views.push(call.locals.get(safeViewKey))) };
    const { gateway } = redacting({ output: {} }, 'Hello [EMAIL_1] and amy@widgets.com.', { outside: [audit] });
    await gateway.chat(question(`I am ${EMAIL}`));
    await gateway.stream(question(`I am ${EMAIL}`)).response();
    for (const view of views) expect(view).toMatchObject({ request: { messages: [{ content: 'I am [EMAIL_1]' }] }, response: { text: 'Hello [EMAIL_1] and [EMAIL_2].' } });
    expect(views).toHaveLength(2);
  });

  it('a stream that breaks gives the caller what came, restored, and the view what came, redacted', async () => {
    const views: (SafeView | undefined)[] = [];
    const audit: Interceptor = { name: 'audit', stage: 'audit', intercept: (call, next) => observe(call, next, () => void views.push(call.locals.get(safeViewKey))) };
    const adapter = streaming([begin, text('Dear [EMAIL_1], '), text('I am'), new Error('socket')], 'mock');
    const error = await failure(gatewayOf(adapter, [audit, redact()]).stream(question(EMAIL)).response());
    expect(isGatewayError(error) && error.partial?.text).toBe(`Dear ${EMAIL}, I am`);
    expect(views).toMatchObject([{ response: { text: 'Dear [EMAIL_1], I am' } }]);
    expect(inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)).not.toContain('jane');
  });

  it('the report holds kinds and counts, and no value', async () => {
    const { gateway } = redacting({ output: {} }, 'Hello [EMAIL_1] and amy@widgets.com.');
    const { gateway: report } = await gateway.chat(question(`I am ${EMAIL}, ${CARD}`));
    expect(`${inspect(report, { depth: Infinity })}${report && formatReport(report)}`).not.toMatch(/jane|amy|4111/);
  });

  it('the view is there for those inside while the call goes on', async () => {
    const views: (SafeView | undefined)[] = [];
    const inside: Interceptor = { name: 'inside', stage: 'guard', intercept: (call, next) => (views.push(call.locals.get(safeViewKey)), next(call)) };
    await redacting({}, 'Done.', { inside: [inside] }).gateway.chat(question(EMAIL));
    expect(views).toMatchObject([{ request: { messages: [{ content: '[EMAIL_1]' }] } }]);
  });

  it('without a redactor there is no view', async () => {
    const views: unknown[] = [];
    const audit: Interceptor = { name: 'audit', stage: 'audit', intercept: (call, next) => observe(call, next, () => void views.push(call.locals.get(safeViewKey))) };
    await createGateway({ providers: [mockProvider({ name: 'mock' }).always('hi')], interceptors: [audit] }).chat(question('hi'));
    expect(views).toEqual([undefined]);
  });
});

describe('redact options', () => {
  it.each<[unknown, string | RegExp]>([
    [{ kinds: ['e-mail'] }, /^redact: kinds: wanted kinds \(private-key, .*\), got e-mail$/],
    [{ kinds: 'email' }, 'redact: kinds: wanted a list of kinds, got email'],
    [{ without: ['xx-*'] }, /^redact: without: wanted kinds .* got xx-\*$/],
    [{ action: 'hide' }, 'redact: action: wanted placeholder, synthetic, mask, hash, block, flag, got hide'],
    [{ actions: { email: 'hide' } }, 'redact: actions.email: wanted placeholder, synthetic, mask, hash, block, flag, got hide'],
    [{ actions: { mail: 'mask' } }, /^redact: actions: wanted kinds .* got mail$/],
    [{ actions: { email: 'hash' } }, "redact: hashKey: wanted a secret of 16 characters or more for the action 'hash', got none"],
    [{ hashKey: 'short' }, 'redact: hashKey: wanted a secret of 16 characters or more, got another value'],
    [{ allow: [/x/] }, 'redact: allow: wanted a list of texts or a function, got object'],
    [{ unscannable: 'pass' }, "redact: unscannable: wanted 'allow' or 'block', got pass"],
    [{ output: { kinds: ['x'] } }, /^redact: output\.kinds: wanted kinds/],
    [{ settingsFor: {} }, "redact: settingsFor: wanted a function of the call's tags, got object"],
    [{ detectors: {} }, 'redact: detectors: wanted a list of detectors, got object'],
    [{ detectors: [null] }, 'redact: detectors[0]: wanted an object with a kind, a maxLength and a pattern or find, got null'],
    [{ detectors: [{ kind: 'My Kind', pattern: /x/, maxLength: 1 }] }, 'redact: detectors[0].kind: wanted small letters, digits and dashes, at most 20, got My Kind'],
    [{ detectors: [{ kind: 'x', pattern: /x/, maxLength: 500 }] }, 'redact: detectors[0].maxLength: wanted a whole number, 1 to 200; for what has no longest form give its beginning and a body, got 500'],
    [{ detectors: [{ kind: 'x', pattern: /(?:a|b)+x/, maxLength: 5 }] }, "redact: detectors[0].pattern: wanted quantifiers with an upper bound, such as {1,64}, got '(?:a|b)+'"],
    [{ detectors: [{ kind: 'x', pattern: /x/, begins: /x{2,}/, maxLength: 5 }] }, "redact: detectors[0].begins: wanted quantifiers with an upper bound, such as {1,64}, got 'x{'"],
    [{ detectors: [{ kind: 'x', pattern: /x/, needs: { any: ['X'] }, maxLength: 5 }] }, 'redact: detectors[0].needs.any: wanted small letters: they are looked for in the text without its capitals, got X'],
    [{ detectors: [{ kind: 'x', pattern: 'x', maxLength: 5 }] }, 'redact: detectors[0].pattern: wanted a regular expression, got x'],
    [{ detectors: [{ kind: 'x', find: 'x', maxLength: 5 }] }, 'redact: detectors[0].find: wanted a function, got x'],
    [{ detectors: [{ kind: 'x', pattern: /x/, body: 'x', maxLength: 5 }] }, 'redact: detectors[0].body: wanted a regular expression or a function, got x'],
    [{ detectors: [{ kind: 'x', pattern: /x/, begins: 'x', maxLength: 5 }] }, 'redact: detectors[0].begins: wanted a regular expression, got x'],
  ])('%j is refused by name', (options, message) => {
    expect(() => redact(options as RedactOptions)).toThrow(ConfigError);
    expect(() => redact(options as RedactOptions)).toThrow(message);
  });
});
