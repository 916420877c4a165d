import { mapRequestTexts, type TextPlace } from './request-texts.js';
import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import type { Message } from '../types/message.js';
import type { Judge } from './judge.js';
import { applySpans, spansOf } from './rewriting.js';
import type { GuardRule } from './rule.js';

/** The request as the rules leave it; the same object when they change nothing. */
export async function guardChat(request: ChatRequest, rules: readonly GuardRule[], judge: Judge): Promise<ChatRequest> {
  const tools = (request.tools ?? []).flatMap((tool) => ('name' in tool ? [tool.name] : []));
  let guarded = request;
  for (const [scope, group] of byScope(rules)) {
    const counts = placesIn(scope, guarded);
    const texts: string[] = [];
    const roles: Message['role'][] = [];
    mapRequestTexts(guarded, (text, place) => {
      if (counts(place)) {
        texts.push(text);
        roles.push(place.role);
      }
      return text;
    });
    const findings = await judge.judge(group, { texts, roles, tools, request: guarded });
    if (findings.length === 0) continue;
    let at = 0;
    guarded = mapRequestTexts(guarded, (text, place) => (counts(place) ? applySpans(text, spansOf(text, findings, at++)) : text));
  }
  return guarded;
}

/** Every input counts, whatever the scope. */
export async function guardEmbed(request: EmbedRequest, rules: readonly GuardRule[], judge: Judge): Promise<EmbedRequest> {
  const findings = await judge.judge(rules, { texts: request.input, tools: [] });
  return findings.length === 0 ? request : { ...request, input: request.input.map((text, at) => applySpans(text, spansOf(text, findings, at))) };
}

type Scope = NonNullable<GuardRule['scope']>;

/** Rules of one scope look side by side. The widest first: what it blocks need not be looked at again. */
function byScope(rules: readonly GuardRule[]): readonly (readonly [Scope, readonly GuardRule[]])[] {
  const scopes: readonly Scope[] = ['all', 'user', 'last'];
  return scopes.map((scope) => [scope, rules.filter((rule) => (rule.scope ?? 'all') === scope)] as const).filter(([, group]) => group.length > 0);
}

function placesIn(scope: Scope, request: ChatRequest): (place: TextPlace) => boolean {
  const last = request.messages.length - 1;
  if (scope === 'all') return () => true;
  return scope === 'user' ? ({ role }) => role === 'user' : ({ message }) => message === last;
}
