import type { AdapterResponse } from '../../types/adapter.js';
import type { AssistantPart, ReasoningPart } from '../../types/message.js';
import type { Scope } from '../dialect.js';
import { malformed } from '../failure.js';
import { readAnnotations, readAudio, readContentItem, readImage, readMessageMembers } from './answer-parts.js';
import { carriesError, errorInAnswer } from './error.js';
import { isFailure, toFinishReason } from './finish-reason.js';
import { createExtras } from './provider-data.js';
import { detailParts } from './reasoning-details.js';
import { readToolCalls } from './tool-calls.js';
import { toUsage } from './usage.js';
import { asJson, isObject, listOf, objectOf, textOr, type WireObject } from './wire.js';

/** Reads a whole answer. Choice 0 is the answer; the others are kept raw in `providerData`. */
export function fromResponse(wire: unknown, scope: Scope): AdapterResponse {
  if (!isObject(wire)) throw malformed(scope.provider, 'an answer that is not a JSON object');
  const choices = listOf(wire['choices']).filter(isObject);
  const choice = choices.find((one) => one['index'] === 0) ?? choices[0];
  if (choice === undefined && (carriesError(wire) || wire['message'] || wire['detail'])) throw errorInAnswer(scope.provider, wire);
  if (choice === undefined) throw malformed(scope.provider, 'an answer without choices');
  const finish = textOr(choice['finish_reason']);
  if (isFailure(finish)) throw errorInAnswer(scope.provider, choice['error'] ?? wire['error'] ?? { code: finish });

  const { vendor } = scope;
  const id = textOr(wire['id']) ?? '';
  const message = objectOf(choice['message']);
  const content = readMessage(message, wire, id, vendor);
  const usage = toUsage(wire['usage'] ?? choice['usage']);
  const serviceTier = textOr(wire['service_tier']);

  const extras = createExtras();
  extras.ofAnswer(wire);
  extras.ofChoice(choice);
  extras.ofMessage(message);
  extras.ofUsage(wire['usage']);
  if (isObject(choice['logprobs'])) extras.add('logprobs', asJson(choice['logprobs']));
  if (choices.length > 1) extras.add('choices', choices.filter((one) => one !== choice).map(asJson));
  const providerData = extras.data(vendor);

  return {
    id,
    model: textOr(wire['model']) ?? '',
    content,
    finishReason: toFinishReason(finish, {
      text: content.some((part) => part.type === 'text'),
      refusal: content.some((part) => part.type === 'refusal'),
      toolCalls: content.some((part) => part.type === 'tool-call'),
    }),
    ...(usage !== undefined && { usage }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(providerData !== undefined && { providerData }),
  };
}

/** The parts of an assistant message, in the order reasoning, text, refusal, tool calls, media. */
function readMessage(message: WireObject, answer: WireObject, id: string, vendor: string): readonly AssistantPart[] {
  const content: AssistantPart[] = [...readReasoning(message, vendor)];
  for (const item of typeof message['content'] === 'string' ? [message['content']] : listOf(message['content'])) {
    const read = readContentItem(item, vendor);
    if (read === undefined) continue;
    if (read.type === 'part') content.push(read.part);
    else appendText(content, read.type, read.text);
  }
  const textEnd = readAnnotations(message['annotations'], answer, vendor);
  const text = content.findLastIndex((part) => part.type === 'text');
  // The part was made here, a moment ago: adding to it harms nobody.
  if (textEnd !== undefined && text !== -1) Object.assign(content[text] as AssistantPart, textEnd);
  const refusal = textOr(message['refusal']);
  if (refusal !== undefined) content.push({ type: 'refusal', text: refusal });
  content.push(...readToolCalls(message, id, vendor));
  const audio = readAudio(message['audio'], vendor);
  if (audio !== undefined) content.push(audio);
  for (const image of listOf(message['images'])) {
    const part = readImage(image);
    if (part !== undefined) content.push(part);
  }
  const members = readMessageMembers(message, vendor);
  if (members !== undefined) content.push(members);
  return content;
}

/** The reasoning beside the content: its details where they are readable, or its text under either name. */
export function readReasoning(message: WireObject, vendor: string): readonly ReasoningPart[] {
  const detailed = detailParts(message['reasoning_details'], vendor);
  const text = textOr(message['reasoning_content']) ?? textOr(message['reasoning']) ?? '';
  if (text === '' || detailed.some((part) => part.text !== '')) return detailed;
  const [first, ...rest] = detailed;
  return [{ type: 'reasoning', text, ...(first?.providerData && { providerData: first.providerData }) }, ...rest];
}

function appendText(content: AssistantPart[], type: 'text' | 'reasoning' | 'refusal', text: string): void {
  if (text === '') return;
  const last = content.at(-1);
  if (last?.type === type) content[content.length - 1] = { ...last, text: last.text + text };
  else content.push({ type, text });
}
