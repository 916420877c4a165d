export { mockProvider, type MockProvider, type MockProviderOptions } from './mock-provider.js';
export type { MockCall } from './mock-call.js';
export { UnexpectedCallError, type Replies, type ReplyFor, type Script } from './script.js';
export type { Matcher, OperationKind, ScriptCall } from './script-call.js';
export type { AnswerReply, EmbedReply, Ending, ErrorReply, ReplyScript, ScriptedToolCall, Timing } from './reply.js';
export { fakeServer, type FakeServer, type FakeServerOptions } from './fake-server.js';
export type { FakeRequest } from './server-request.js';
export type { RawReply, ServerAnswer, ServerEnding, ServerReply, Wiring } from './server-reply.js';
export type { FakeDialect } from './wire/route.js';
