import type { FindDetector, Match } from '../detector.js';

/**
 * Values that a word before them gives away: `password: …`, `api_key = "…"`, `Authorization: Bearer …`, `twilio => …`. Only the
 * value is replaced. What must stay readable is left: variables, calls, stars, words of the language.
 */
export const namedSecret: FindDetector = {
  kind: 'secret',
  maxLength: 200,
  body: /[^\s"'`<>,;&|()[\]{}\\]/,
  characters: /\S/,
  needs: { word: 4, any: [':', '=', '>', '|', ',', ' is ', "'", '"', '-u ', '--'] },
  find(text, from) {
    const found = new Map<number, Match>();
    for (const { words, value } of FORMS) {
      words.lastIndex = Math.max(0, from - LONGEST_LEAD);
      for (let word = words.exec(text); word !== null; word = words.exec(text)) {
        const start = word.index + word[0].length;
        words.lastIndex = word.index + Math.max(1, (word[1] ?? word[0]).length);
        if (start < from || word[0].length > LONGEST_LEAD || found.has(start)) continue;
        const quoted = quotedAt(text, start);
        const candidate = quoted ?? matchAt(VALUE, text, start);
        if (value(candidate, quoted !== undefined)) found.set(start, { start, end: start + candidate.length });
      }
    }
    return [...found.values()].sort((a, b) => a.start - b.start).filter(notInside());
  },
};

interface Form {
  /** Everything up to the value; the first group is the word that gives it away. */
  readonly words: RegExp;
  /** Whether this is one. At most 120 characters of it are shown. */
  value(text: string, quoted: boolean): boolean;
}

const LONGEST_LEAD = 60;
const VALUE = /[^\s"'`<>,;&|()[\]{}\\]{1,120}/y;
const TO_QUOTE: Readonly<Record<string, RegExp>> = { '"': /[^\s"]{1,120}(?=")/y, "'": /[^\s']{1,120}(?=')/y, '`': /[^\s`]{1,120}(?=`)/y };

/** What stands between the quote before `start` and the next of its kind: anything but spaces. */
function quotedAt(text: string, start: number): string | undefined {
  const pattern = TO_QUOTE[text.charAt(start - 1)];
  return pattern && (matchAt(pattern, text, start) || undefined);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

const ASSIGN = String.raw`["'\]\\]{0,3}[^\S\n]{0,8}(?:=>|:=|\?=|\|\||==?|!=|:|=|>)[^\S\n]{0,16}\\?["'\x60]{0,2}`;
const PASSWORD = 'pass(?:word|wd|phrase|code)?|pwd|psw';
const SECRET = 'secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|licen[sc]e[_-]?key|developer[_-]?key|account[_-]?key|credentials?|(?:api|access)[_-]?token|session(?:[_-]?id)?|crumb|pat|key';
/** Services whose keys have no beginning of their own. */
const SERVICES = 'adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|auth0|azure|beamer|bitbucket|bittrex|clickup|cloudflare|codecov|coinbase|cohere|confluence|confluent|contentful|datadog|digitalocean|discord|drone(?:ci)?|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|freshdesk|gitter|gocardless|grafana|heroku|hubspot|intercom|jfrog|jira|kraken|kucoin|launchdarkly|linear|linkedin|lob|looker|mailchimp|mailgun|mapbox|mattermost|messagebird|netlify|new[_-]?relic|ngrok|nytimes|okta|openweather|opsgenie|pagerduty|plaid|postmark|pusher|rapidapi|segment|sendbird|sendinblue|sentry|snyk|sonar(?:qube)?|sourcegraph|splunk|square(?:space)?|strava|sumo(?:logic)?|telegr(?:am)?|travis(?:ci)?|trello|twilio|twitch|twitter|typeform|vultr|yandex|zendesk|zoom';

const FORMS: readonly Form[] = [
  // my_password = "…", "AdminPassword": "…", -password …, the password is '…'
  { words: new RegExp(String.raw`(${PASSWORD})[\w-]{0,12}(?:${ASSIGN}| is:? {1,2}["'\x60]?| {1,4}["']|(?<=-\w{1,12}) {1,3})`, 'gi'), value: isPassword },
  // CLIENT_SECRET: '…', token=…, apiKey="…"
  { words: new RegExp(String.raw`(${SECRET})s?(?![a-z]{3})[\w-]{0,12}(?:\.\w{1,12}| \d{1,3})?${ASSIGN}`, 'gi'), value: isRandom },
  // Authorization: Bearer …
  { words: /(authorization|(?:x-)?(?:api|auth|access)-?(?:key|token)|proxy-authorization)["']?\s{0,3}:\s{0,3}["']?(?:(?:bearer|basic|token|api-token|apikey|key)\s{1,3})?/gi, value: isHeaderValue },
  { words: /(\bbearer)\s{1,3}/gi, value: (text, quoted) => text.length >= 20 && isRandom(text, quoted) },
  // a service and what looks like nothing else
  { words: new RegExp(String.raw`(${SERVICES})(?:[\w.-]{0,20})["']{0,1}[^\S\n]{0,3}(?:=>|:=|\?=|\|\||[:=>,])[^\S\n]{0,3}["'=]{0,2}`, 'gi'), value: isServiceKey },
  // --bootstrap-token …
  { words: /((?<!\S)--?[\w-]{0,24}(?:token|secret|key))(?: {1,3}|=)["']?/gi, value: isRandom },
  // variable "db_password" { default = "…" }
  { words: /(variable "\w{0,24}(?:token|secret|key|password)" \{\s{1,6}default) {0,4}= {0,4}"/gi, value: isRandom },
  // -H 'Key: …'
  { words: /(-H\s?["'][\w-]{0,24}(?:key|token|secret|auth)[\w-]{0,12}):\s{0,3}/gi, value: isHeaderValue },
  // curl -u name:password
  { words: /((?<!\S)(?:-u|--user))[\s=]{1,4}["']?[^\s:"'/]{0,40}:["']?/gi, value: (text) => text.length >= 3 && isLiteral(text) },
  // psexec -u name -p password
  { words: /((?<!\S)-u {1,3}[^\s:]{1,30} {1,3}-p) {1,3}["']?/gi, value: (text) => text.length >= 4 && isLiteral(text) && !text.startsWith('%') },
  // BUNDLE_GEMS__EXAMPLE__COM=name:password
  { words: /(\bBUNDLE_\w{1,30}__COM)["']?(?:=>|:=|\?=|\|\||[:=])\s?["']?/g, value: (text) => text.length >= 8 && isLiteral(text) },
];

/** Not code, not a variable, not something that was hidden already. */
function isLiteral(text: string, quoted = false): boolean {
  if (!quoted && /\$\w/.test(text)) return false;
  return !/^[$%@#+]|^\.\$|^\W+$|\$[{(]|\.\.\.|^arn:|^(?:process|os|env|self|this|config|new|function|return)\b|^\[|[*]{3}|^([x.#_-])\1{3,}|x{8}|^[0-]+$/i.test(text);
}

function isPassword(text: string, quoted: boolean): boolean {
  return text.length >= 4 && isLiteral(text, quoted) && !/^(?:null|none|true|false|undefined|string|password|required|your|the|and|was|not|must|should|field|reset|input|label|value|char|text|type|protected|hash\w*)\b|^-{1,2}\w|\w\(|^[A-Z][a-z]+[.?!]$/i.test(text);
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

function isServiceKey(text: string): boolean {
  return text.length >= 14 && isLiteral(text) && /^[\w.:=+/@~-]+$/.test(text) && !/^https?:|^\d{1,13}$|^\w+(?:[._-][a-z]+)+$/i.test(text) && (/\d/.test(text) || /[a-z][A-Z]/.test(text)) && entropy(text) > 2.5;
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function notInside(): (match: Match) => boolean {
  let end = 0;
  return (match) => {
    if (match.start < end) return false;
    end = match.end;
    return true;
  };
}
