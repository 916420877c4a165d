/** Words in this order, each step at most `gap` words after the one before. */
export interface Phrase {
  readonly category: 'override' | 'reveal' | 'persona';
  readonly steps: readonly ReadonlySet<string>[];
  readonly gap: number;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const phrase = (category: Phrase['category'], gap: number, ...steps: readonly string[]): Phrase => ({ category, gap, steps: steps.map(words) });

const IGNORE = 'ignore disregard forget override bypass neglect discard skip ignoriere ignorier vergiss missachte ignora ignorez ignora olvida oublie oubliez omite';
const EARLIER = 'previous prior above earlier preceding foregoing former past original initial vorherigen vorigen bisherigen obigen anteriores previas precedentes anterieures';
const ORDERS = 'instruction instructions prompt prompts rule rules guideline guidelines direction directions directive directives command commands constraints restrictions safeguards guardrails programming anweisungen anweisung regeln vorgaben instrucciones reglas ordenes consignes regles';
const ALL = 'all any every everything your alle alles deine todas todo toutes tes vos';

/** What people write to take a model over. English first; the plainest forms in German, Spanish and French. */
export const PHRASES: readonly Phrase[] = [
  phrase('override', 4, IGNORE, EARLIER, ORDERS),
  phrase('override', 4, IGNORE, ALL, ORDERS),
  phrase('override', 4, IGNORE, ORDERS, `${EARLIER} before previously`),
  phrase('override', 3, 'ignore disregard forget', 'everything anything all', 'above before previously told said learned written'),
  phrase('override', 3, 'do dont not never', 'follow obey', 'your previous prior above earlier original', ORDERS),
  phrase('override', 3, 'new updated real actual', 'instructions directive directives', 'follow are begin override'),
  phrase('reveal', 3, 'reveal print show output repeat display expose leak disclose dump recite tell', 'your the this', 'system hidden secret initial original internal developer confidential', 'prompt prompts instruction instructions message rules guidelines configuration'),
  phrase('reveal', 2, 'what whats', 'your', 'system hidden secret initial original internal developer', 'prompt instructions message rules guidelines'),
  phrase('reveal', 2, 'repeat print output copy', 'everything words text all', 'above before', 'verbatim word this exactly starting beginning'),
  phrase('persona', 6, 'you', 'are', 'now', 'dan unrestricted unfiltered uncensored jailbroken amoral'),
  phrase('persona', 6, 'act pretend roleplay simulate behave respond', 'unrestricted unfiltered uncensored jailbroken dan'),
  phrase('persona', 4, 'act respond answer reply behave', 'without', 'restrictions limitations filters censorship guidelines safeguards'),
  phrase('persona', 2, 'enable enter activate switch', 'developer dan jailbreak god', 'mode'),
  phrase('persona', 0, 'do', 'anything', 'now'),
];

/** What separates roles in the templates of well-known models: it has no place in what a user says. */
export const TEMPLATE_MARKS: readonly string[] = [
  '<|im_start|>', '<|im_end|>', '<|system|>', '<|assistant|>', '<|start_header_id|>', '<|eot_id|>', '<|endoftext|>', '<|endofprompt|>', '[inst]', '[/inst]', '<<sys>>', '<</sys>>', '<start_of_turn>', '<end_of_turn>',
];
