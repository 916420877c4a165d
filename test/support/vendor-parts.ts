import type { JsonObject, ProviderData } from '../../src/types/json.js';
import type { AssistantPart, UserPart } from '../../src/types/message.js';
import type { ProviderTool } from '../../src/types/tool.js';

/*
 * What only one vendor, or one protocol, reads back, in the forms in which their answers and their clients' requests leave it
 * in a conversation. To everyone else all of it is foreign.
 */

const SOURCE = 'https://example.com/page';

const openai = (data: JsonObject): { readonly providerData: ProviderData } => ({ providerData: { openai: data } });
const anthropic = (data: JsonObject): { readonly providerData: ProviderData } => ({ providerData: { anthropic: data } });
const google = (data: JsonObject): { readonly providerData: ProviderData } => ({ providerData: { google: data } });

export const REASONING: readonly AssistantPart[] = [
  { type: 'reasoning', text: 'Let me think.' },
  { type: 'reasoning', text: '', redacted: true },
  { type: 'reasoning', text: 'A summary.', ...openai({ id: 'rs_1', encrypted_content: 'gAAAA' }) },
  { type: 'reasoning', text: '', redacted: true, ...openai({ id: 'rs_2', encrypted_content: 'gAAAB' }) },
  { type: 'reasoning', text: 'A summary that is kept there.', ...openai({ id: 'rs_3' }) },
  { type: 'reasoning', text: 'Every word.', ...openai({ id: 'rs_4', field: 'content' }) },
  { type: 'reasoning', text: 'Signed.', ...anthropic({ signature: 'c2lnbmVk' }) },
  { type: 'reasoning', text: '', redacted: true, ...anthropic({ data: 'cmVkYWN0ZWQ=' }) },
  { type: 'reasoning', text: 'A thought.', ...google({ thoughtSignature: 'dGhvdWdodA==' }) },
  { type: 'reasoning', text: 'Routed.', providerData: { openrouter: { reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 'c2ln' }] } } },
];

export const SAID: readonly AssistantPart[] = [
  { type: 'text', text: 'As sent.', ...openai({ id: 'msg_1' }) },
  { type: 'text', text: 'And more of it.', ...openai({ id: 'msg_1' }) },
  { type: 'text', text: 'Looking it up.', ...openai({ id: 'msg_2', phase: 'commentary' }) },
  {
    type: 'text', text: 'A fact.', citations: [{ url: SOURCE, title: 'Page', start: 0, end: 7 }],
    ...openai({ id: 'msg_3', annotations: [{ type: 'url_citation', url: SOURCE, title: 'Page', start_index: 0, end_index: 7 }], logprobs: [{ token: 'A', logprob: -0.1, bytes: [65], top_logprobs: [] }] }),
  },
  { type: 'text', text: 'A fact.', citations: [{ quote: 'fact' }], ...anthropic({ citations: [{ type: 'char_location', cited_text: 'fact', document_index: 0, document_title: null, start_char_index: 0, end_char_index: 4, file_id: 'file_1' }] }) },
  { type: 'text', text: 'Signed.', ...google({ thoughtSignature: 'dGV4dA==' }) },
  { type: 'refusal', text: 'I cannot help with that.' },
  { type: 'refusal', text: 'I cannot help with that.', ...openai({ id: 'msg_4' }) },
];

export const MADE: readonly AssistantPart[] = [
  { type: 'image', data: 'iVBORw0KGgo=', mediaType: 'image/png' },
  { type: 'image', data: 'iVBORw0KGgo=', mediaType: 'image/png', ...openai({ id: 'ig_1', type: 'image_generation_call', status: 'completed' }) },
  { type: 'audio', data: 'UklGRg==', mediaType: 'audio/wav', transcript: 'Hello.', ...openai({ id: 'audio_1', expires_at: 1 }) },
  { type: 'audio', data: 'UklGRg==', mediaType: 'audio/wav', transcript: 'Hello.' },
  { type: 'audio', data: 'UklGRg==', mediaType: 'audio/wav' },
  { type: 'opaque', provider: 'openai', kind: 'web_search_call', data: { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'weather', queries: ['weather'] } } },
  { type: 'opaque', provider: 'openai-chat', kind: 'chat-message-members', data: { name: 'bot' } },
  { type: 'opaque', provider: 'anthropic', kind: 'server_tool_use', data: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'weather' } } },
  { type: 'opaque', provider: 'anthropic', kind: 'server_tool_use', data: { type: 'server_tool_use', id: 'srvtoolu_2', name: 'web_search', input: '{"query":"wea' } },
  {
    type: 'opaque', provider: 'anthropic', kind: 'web_search_tool_result',
    data: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'web_search_result', url: SOURCE, title: 'Page', encrypted_content: 'ZW5j', page_age: null }] },
  },
  { type: 'opaque', provider: 'google', kind: 'executableCode', data: { executableCode: { language: 'PYTHON', code: 'print(1)' }, thoughtSignature: 'Y29kZQ==' } },
  { type: 'opaque', provider: 'elsewhere', kind: 'thing', data: 'not even an object' },
];

/** Beside the arguments of a call. */
export const CALL_DATA: readonly (ProviderData | undefined)[] = [
  undefined,
  { openai: { id: 'fc_1' } },
  { anthropic: { caller: { type: 'direct' } } },
  { google: { thoughtSignature: 'Y2FsbA==' } },
];

/** Free-form calls: what they take is text. */
export const CUSTOM_CALL_DATA: ProviderData = { openai: { id: 'ctc_1', type: 'custom' } };

const marked: ProviderData = { anthropic: { cache_control: { type: 'ephemeral' } }, 'anthropic-messages': { cache_control: { type: 'ephemeral', ttl: '1h' } } };

export const MARKED_TEXT: readonly (UserPart & { readonly type: 'text' })[] = [
  { type: 'text', text: 'A long document.', providerData: marked },
  { type: 'text', text: 'To be remembered.', providerData: { openai: { prompt_cache_breakpoint: { mode: 'explicit' } } } },
];

const PDF = 'data:application/pdf;base64,JVBERi0=';

/** What a client of the chat protocol says of a whole message rides on its first part. */
export const NAMED_SPEAKER = { type: 'text', text: 'It is me.', providerData: { 'openai-chat': { message: { name: 'ann' } } } } as const;

/** Users' parts that name what one vendor stores, or a block that others have no word for. */
export const STORED: readonly UserPart[] = [
  { type: 'file', data: PDF, mediaType: 'application/pdf', providerData: { 'openai-chat': { file_id: 'file-1' }, 'openai-responses': { file_id: 'file-1' } } },
  { type: 'image', data: 'https://example.com/a.png', providerData: { 'openai-responses': { file_id: 'file-2' } } },
  { type: 'file', data: PDF, mediaType: 'application/pdf', name: 'a.pdf', providerData: { anthropic: { citations: { enabled: true }, ...marked['anthropic'] } } },
  {
    type: 'text', text: 'What was found.',
    providerData: { 'anthropic-messages': { block: { type: 'search_result', source: SOURCE, title: 'Page', content: [{ type: 'text', text: 'What was found.' }] } } },
  },
];

export const PROVIDER_TOOLS: readonly ProviderTool[] = [
  { type: 'provider', provider: 'openai-responses', definition: { type: 'web_search', search_context_size: 'low' } },
  { type: 'provider', provider: 'openai-responses', definition: { type: 'custom', name: 'shell', description: 'Runs a line.', format: { type: 'text' } } },
  { type: 'provider', provider: 'openai-chat', definition: { type: 'custom', custom: { name: 'shell', description: 'Runs a line.' } } },
  { type: 'provider', provider: 'anthropic', definition: { type: 'web_search_20250305', name: 'web_search', max_uses: 2 } },
  { type: 'provider', provider: 'google', definition: { googleSearch: {} } },
];

export const OPTIONS: readonly ProviderData[] = [
  { openai: { metadata: { team: 'a' }, service_tier: 'auto' } },
  { anthropic: { metadata: { user_id: 'u1' }, service_tier: 'auto' } },
  { google: { safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }] } },
  { elsewhere: { anything: [1, null, { deep: true }] } },
];
