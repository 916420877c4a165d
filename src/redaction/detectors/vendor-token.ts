import type { FindDetector, PatternDetector } from '../detector.js';

/** Beginnings that vendors document for their tokens and keys, and how much must follow at least. */
const BEGINNINGS: readonly string[] = [
  'sk-ant-[a-z]{3,6}\\d{2}-[\\w-]{80}', 'sk-(?:proj|svcacct|admin|or-v1|None)-[\\w-]{20}', 'sk-[A-Za-z0-9]{32}', 'gsk_[A-Za-z0-9]{40}', 'xai-[A-Za-z0-9]{40}', 'pplx-[A-Za-z0-9]{40}', 'r8_[A-Za-z0-9]{32}', 'hf_[A-Za-z]{30}', 'api_org_(?!x{8})[A-Za-z]{30}', 'jina_[a-f0-9]{32}', 'fc-[a-f0-9]{32}', 'AIza[\\w-]{35}(?![\\w-])', 'GOCSPX-[\\w-]{20}', 'ya29\\.[\\w-]{20}', 'tgp_v1_[\\w-]{40}', 'csk-[a-z0-9]{40}', 'nvapi-[\\w-]{50}', 'lsv2_[a-z]{2}_[a-f0-9]{32}', 'pcsk_[A-Za-z0-9]{5,8}_[A-Za-z0-9]{40}', 'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t', 'ABSK[A-Za-z0-9+/]{109,150}(?![A-Za-z0-9+/])',
  '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[A-Z0-9]{16}(?![A-Za-z0-9])', 'amzn\\.mws\\.[\\w-]{30}', 'LTAI[A-Za-z0-9]{16}', 'AKID[A-Za-z0-9]{13}',
  'gh[pousr]_[A-Za-z0-9]{36}', 'github_pat_[A-Za-z0-9_]{60}', 'gl(?:pat|ptt|dt|rt|ft|cbt|soat|agent|ffct|imt|oas|rtr|wt)-(?!x{6})[\\w-]{16}', 'GR1348941[\\w-]{20}', 'ATBB[A-Za-z0-9]{24}', 'ATATT3[\\w=-]{60}', 'ATCTT3[\\w=-]{60}',
  'xoxb-\\d{8,14}-[A-Za-z0-9]{10}', 'xox[pe](?:-\\d{10,13}){3}-[\\w-]{28}', 'xox[os]-\\d{1,13}-\\d{1,13}-\\d{1,13}-[a-f0-9]', 'xox[ar]-(?:\\d-)?[A-Za-z0-9]{8}', 'xoxe(?:.xox[bp])?-\\d-[A-Z0-9]{30}', 'xapp-\\d-[A-Z0-9]{1,12}-\\d{1,13}-[a-z0-9]',
  '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10}', 'whsec_[A-Za-z0-9+/]{24}', 'sq0(?:atp|csp|idp)-[\\w-]{20}', 'EAAA[\\w-]{56}', 'access_token\\$production\\$[a-z0-9]{16}', 'shp(?:at|ca|pa|ss|ua)_[A-Fa-f0-9]{32}', 'FLW(?:SECK|PUBK)_TEST-[A-Za-z0-9]{12}', 'EZ[AT]K[A-Za-z0-9]{54}', 'live_\\d{8,10}_[A-Za-z0-9]{30}',
  'SG\\.[\\w-]{20}[\\w.-]{40}', 'SK[a-fA-F0-9]{32}', 'AC[a-f0-9]{32}', 'key-[a-f0-9]{32}', 're_[A-Za-z0-9]{6,9}_[A-Za-z0-9]{18}', 'md-[A-Za-z0-9_-]{22}(?![\\w-])',
  'do[opr]_v1_[a-f0-9]{60}', 'dapi[a-f0-9]{32}', 'dckr_(?:pat|oat)_[\\w-]{24}', 'npm_[A-Za-z0-9]{36}', 'pypi-AgE[\\w-]{50}', 'rubygems_[a-f0-9]{48}', 'CLOJARS_[A-Za-z0-9]{50}', 'nuget_[A-Za-z0-9]{40}', 'oy2[a-z0-9]{43}(?![a-z0-9])', 'HRKU-[\\w-]{50}', 'fm2_[A-Za-z0-9+/]{60}', 'fo1_[\\w-]{40}', 'pul-[a-f0-9]{40}', 'pscale_(?:tkn|pw|oauth)_[\\w.=-]{30}', 'rnd_[A-Za-z0-9]{28}', 'sbp_[a-f0-9]{40}', 'vercel_[A-Za-z0-9_]{24}', 'nfp_[A-Za-z0-9]{36}',
  'hv[sbr]\\.[\\w-]{24}', '(?<![\\w.])s\\.[A-Za-z0-9]{24}(?![\\w.(])', '[a-z0-9]{14}\\.atlasv1\\.[\\w=-]{50}', 'ops_eyJ[\\w-]{50}', 'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}', 'AGE-SECRET-KEY-1[A-Z0-9]{50}', 'tk-us-[\\w-]{40}', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._]{40}',
  'glsa_[A-Za-z0-9]{32}', 'glc_[A-Za-z0-9+/]{32}', 'NR(?:AK|II|AA|JS|IQ|RA)-[A-Za-z0-9_-]{20}', 'dt0[a-zA-Z]\\d{2}\\.[A-Z0-9]{20}', 'sntry[su]_[A-Za-z0-9+/=_]{40}', 'odt_[A-Za-z0-9]{32}', 'ddp_[A-Za-z0-9]{36}', 'phc_[A-Za-z0-9]{40}', 'phx_[A-Za-z0-9]{40}', 'sgp_(?:local_|[a-fA-F0-9]{16}_)?[a-fA-F0-9]{40}', 'sl\\.[\\w-]{100}', 'sq[up]_[a-f0-9]{40}', 'squ_[a-f0-9]{40}',
  'lin_(?:api|oauth)_[A-Za-z0-9]{32}', 'ntn_\\d{11}[A-Za-z0-9]{30}', 'secret_[A-Za-z0-9]{40}', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{60}', 'figd_[\\w-]{38}', 'PMAK-[a-f0-9]{24}-[a-f0-9]{30}', 'tfp_[\\w.-]{50}', 'ico-[A-Za-z0-9]{32}(?![\\w.-])', 'rdme_[a-z0-9]{60}', 'fio-u-[\\w=-]{50}', 'pnu_[A-Za-z0-9]{34}', 's-s4t2(?:ud|af)-[a-f0-9]{60}', 'dnkey-[a-z0-9=_-]{26}', 'sat\\.[A-Za-z0-9]{20}', 'pat\\.[A-Za-z0-9]{20}', 'API-[A-Z0-9]{26}(?![\\w-])', 'aio_[A-Za-z0-9]{28}(?![A-Za-z0-9]{4}\\d{4})', 'p8e-[A-Za-z0-9_-]{30}', '[ps]k\\.[A-Za-z0-9]{60}', 'tk\\.[A-Za-z0-9]{60}', 'lob_[a-z]{4}_[a-f0-9]{30}', 'EAA[A-Z][A-Za-z0-9]{80}', '\\d{15,16}\\|[\\w-]{27}', '00[A-Za-z0-9]{13}![A-Za-z0-9._]{60}', '(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[a-z0-9+/_=-]{30}', '[\\w~.]{3}\\dQ~[\\w~.-]{31}', '\\d{1,4}-[A-Za-z0-9]{64}(?![A-Za-z0-9])', '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])',
];

/** Keys and tokens that show by how they begin. Nothing is known of them but that nobody else may have them. */
export const vendorToken: FindDetector = {
  kind: 'api-key',
  maxLength: 180,
  body: /[A-Za-z0-9_+/=~-]/,
  characters: /[^\s"'`<>()[\]{},;]/,
  needs: { mixed: 10 },
  *find(text, from) {
    for (let at = from; at < text.length; at++) {
      if (!isWord(text, at) || (at > 0 && isWord(text, at - 1))) continue;
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (found === null) continue;
      yield { start: at, end: at + found[0].length };
      at += found[0].length - 1;
    }
  },
};

const TOKEN = new RegExp(BEGINNINGS.join('|'), 'y');

/** A letter, a digit, `_` or `-`: a token begins where none stands before it. */
function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code > 96 && code < 123) || (code > 47 && code < 58) || (code > 64 && code < 91) || code === 95 || code === 45;
}

/** Web addresses that let anyone who knows them write somewhere. */
export const webhook: PatternDetector = {
  kind: 'api-key',
  maxLength: 120,
  pattern: /(?<=hooks.slack.com)\/(?:services|workflows|triggers)\/[\w/]{20}|(?<=discord(?:app)?.com\/api)\/webhooks\/\d{17,20}\/[\w-]{40}|(?<=[\w-]\.webhook\.office\.com)\/webhookb2\/[\w@-]{20}/,
  body: /[\w/@.-]/,
  characters: /[^\s"'<>]/,
  needs: { any: ['hook'] },
};

/** Hashes of passwords, as they stand in files of systems: whoever has them can try. */
export const passwordHash: PatternDetector = {
  kind: 'password',
  maxLength: 100,
  pattern: /(?<![\w$])\$(?:1|2[abxy]?|5|6|8|9|y|argon2id?|scrypt|apr1)\$[\w./$=,+]{20}/,
  body: /[\w./$=,+]/,
  characters: /[\w./$=,+]/,
  needs: { any: ['$'] },
};
