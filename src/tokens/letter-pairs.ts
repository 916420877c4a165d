/**
 * How much each pair of letters adds to a word's tokens: a row for the first, a column for the second, a character for each
 * weight in steps of 0.03. Common pairs are below zero: a word of such pairs is one token. The weights come from a regression
 * (ridge, with the sum cut at zero) of `o200k_base` over some 100,000 words: this repository's own texts, sentences in twenty
 * languages, recorded answers of models, and random letters. docs/tokens.md says how well they do.
 */
const ROWS = [
  '@>>7JD/B@?;6:1M?D-16:BEC0;',
  '>CDI7KJF7@I(HI9JP:BJ:I=F@I',
  '8I@G7KK8DI69HJ6HI=S3>IMH?F',
  ';IIC7GGD@JHD@P:II<>KCFIJ4O',
  'AC74?@@G@IF9@5H>9/5:;H?3DP',
  '8JJFA>JL5NLBLL8IJAIA=HJGAL',
  '?KKL:JA4HMKBAB;LT<<M;MII:M',
  '<BJJ3JNLAMMHJF:KLAH3FIGGGK',
  'HD504<-FM;?54-56H9/+[@TIC@',
  '4KMJ8FILGGIKJK@IFL8I=PIOGR',
  'MMIH2JCIHMCILCMNTDGMGJBN@O',
  '@HJ33JAI>NG0U?;ISK;>?EKN4Q',
  '<8JG1HIK=ICG2K82GP;KAHGF?K',
  'IN<8>A-H>GGDFH>DMM86GMKH4<',
  'G99=D<@K@CF59*65O/3;386EFF',
  '?LIG5HM<EJL1HL<;H696@JIFBP',
  'KJKKKRRIMVSGJKOOFHJG3RMKJT',
  ':SC@3GBJARBHCM<IIB9<GJCM-H',
  '@N6EDIQ<@LGBLOE7FK?7=J=M<K',
  '@PEL4HC24KWAHK>;Q2;C7KBG7G',
  'D8B:7=<KCCG995@@M-3:RE?FGF',
  'BMHK1LJJAOFJILFLIBILJJIINI',
  ':MLI?KM:CNLJJ>@LQBDJMK;EAR',
  'LKKHEITLHPMMKMPCRIKEMJSEEM',
  'EPPNHPNTOQOKKHDESL?LNQNQMF',
  '@NJH;II@3MLLLJDORJJO>KNEDD',
];

/** By first letter × 26 + second letter, both from 0. */
export const LETTER_PAIRS = Float64Array.from({ length: 26 * 26 }, (_, pair) => ((ROWS[Math.floor(pair / 26)]?.charCodeAt(pair % 26) ?? 58) - 40) * 0.03 - 0.54);

/** The same regression's other terms, for a word as a whole. */
export const WORD = {
  /** Before anything else. */
  start: -0.15,
  /** Each letter after the fourth. */
  afterFourth: 0.24,
  /** Each letter after the twelfth, beside that. */
  afterTwelfth: -0.03,
  /** Each capital but a first letter. */
  capital: 0.18,
  /** Without a space before it. */
  bare: 0.15,
} as const;
