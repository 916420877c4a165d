import { entropy, isLiteral, namedValues, type Form } from './named-value.js';

const ASSIGN = String.raw`["'\]\\]{0,3}[^\S\n]{0,8}(?:=>|:=|\?=|\|\||==?|!=|:|=|>)[^\S\n]{0,16}\\?["'\x60]{0,2}`;
const PASSWORD = 'pass(?:word|wd|phrase|code)?|pwd|psw';
const SECRET = 'secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|licen[sc]e[_-]?key|developer[_-]?key|account[_-]?key|credentials?|(?:api|access)[_-]?token|session(?:[_-]?id)?|crumb|(?<=[_-])pat|key';

const FORMS: readonly Form[] = [
  // my_password = "…", "AdminPassword": "…", -password …, the password is '…'
  { hints: ['pass', 'pwd', 'psw'], words: new RegExp(String.raw`(${PASSWORD})[\w-]{0,12}(?:${ASSIGN}| is:? {1,2}["'\x60]?| {1,4}["']|(?<=-\w{1,12}) {1,3})`, 'gi'), value: isPassword },
  // CLIENT_SECRET: '…', token=…, apiKey="…"
  { hints: ['secret', 'token', 'key', 'credential', 'session', 'crumb', '_pat', '-pat'], words: new RegExp(String.raw`(${SECRET})s?(?![a-z]{3})[\w-]{0,12}(?:\.\w{1,12}| \d{1,3})?${ASSIGN}`, 'gi'), value: isRandom },
  // Authorization: Bearer …
  { hints: ['authorization', 'key', 'token'], words: /(authorization|(?:x-)?(?:api|auth|access)-?(?:key|token)|proxy-authorization)["']?\s{0,3}:\s{0,3}["']?(?:(?:bearer|basic|token|api-token|apikey|key)\s{1,3})?/gi, value: isHeaderValue },
  { hints: ['bearer'], words: /(\bbearer)\s{1,3}/gi, value: (text, quoted) => text.length >= 20 && isRandom(text, quoted) },
  // --bootstrap-token …
  { hints: ['token', 'secret', 'key'], words: /((?<!\S)--?[\w-]{0,24}(?:token|secret|key))(?: {1,3}|=)["']?/gi, value: isRandom },
  // variable "db_password" { default = "…" }
  { hints: ['variable "'], words: /(variable "\w{0,24}(?:token|secret|key|password)" \{\s{1,6}default) {0,4}= {0,4}"/gi, value: isRandom },
  // -H 'Key: …'
  { hints: ['-h'], words: /(-H\s?["'][\w-]{0,24}(?:key|token|secret|auth)[\w-]{0,12}):\s{0,3}/gi, value: isHeaderValue },
  // curl -u name:password
  { hints: ['-u', '--user'], words: /((?<!\S)(?:-u|--user))[\s=]{1,4}["']?[^\s:"'/]{0,40}:["']?/gi, value: (text) => text.length >= 3 && isLiteral(text) },
  // psexec -u name -p password
  { hints: ['-u '], words: /((?<!\S)-u {1,3}[^\s:]{1,30} {1,3}-p) {1,3}["']?/gi, value: (text) => text.length >= 4 && isLiteral(text) && !text.startsWith('%') },
  // BUNDLE_GEMS__EXAMPLE__COM=name:password
  { hints: ['bundle_'], words: /(\bBUNDLE_\w{1,30}__COM)["']?(?:=>|:=|\?=|\|\||[:=])\s?["']?/g, value: (text) => text.length >= 8 && isLiteral(text) },
];

/**
 * Values that a word before them gives away: `password: …`, `api_key = "…"`, `Authorization: Bearer …`. What must stay readable
 * is left: variables, calls, stars, words of the language.
 */
export const namedSecret = namedValues(FORMS);

function isPassword(text: string, quoted: boolean): boolean {
  return text.length >= 4 && isLiteral(text, quoted) && (quoted || !/^password/i.test(text)) && !/^(?:null|none|true|false|undefined|string|required|your|the|and|was|not|must|should|field|reset|input|label|value|char|text|type|protected|hash\w*)\b|^-{1,2}\w|\w\(|^[A-Z][a-z]+[.?!]$/i.test(text);
}

/** Ten characters or more with a digit, or what is no word of a language. */
function isRandom(text: string, quoted: boolean): boolean {
  if (text.length < 10 || !isLiteral(text, quoted) || /^https?:|^\/|[.](?:com|org|js|ts|py|json|html)$/i.test(text)) return false;
  if (quoted && /[#$%^&*!@~]/.test(text)) return true;
  if (text.length >= 20 && /^[\w+/=-]{20,}$/.test(text) && !/^[a-z]+(?:[-_/][a-z]+)*$/i.test(text.replace(/(.)\1{8,}/g, '0'))) return true;
  return (/\d/.test(text) && /[a-z]/i.test(text)) || (text.length >= 16 && /[a-z][A-Z]|[A-Z]{2}[a-z][A-Z]/.test(text) && entropy(text) > 3.5);
}

function isHeaderValue(text: string): boolean {
  return text.length >= 8 && isLiteral(text) && !/^(?:bearer|basic|token|application)$/i.test(text) && (/\d/.test(text) || entropy(text) > 3.5);
}
