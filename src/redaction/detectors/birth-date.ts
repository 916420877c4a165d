import type { PatternDetector } from '../detector.js';

const MONTH = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|m[aä]rz|mai|juni|juli|oktober|dezember|janvier|f[eé]vrier|mars|avril|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)`;
const DATE = String.raw`(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?[ -](?:of |de )?${MONTH}\.?,?[ -](?:de )?\d{2,4}|${MONTH}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})`;
const NAMED = String.raw`(?:\bborn|\bd\.?o\.?b\b\.?|date[ _-]?of[ _-]?birth|birth[ _-]?da(?:te|y)|\bgeb(?:oren|urtsdatum|\.)|\bn[eé]e? le|date de naissance|fecha de nacimiento|\bnacid[oa]|\bnat[oa] il|data di nascita|data de nascimento|geboortedatum)`;

/** A date that stands after a word for birth. A date alone says nothing about a person. */
export const birthDate: PatternDetector = {
  kind: 'birth-date',
  maxLength: 40,
  pattern: new RegExp(String.raw`(?<=${NAMED}[^\d\n]{0,24})${DATE}(?!\w)`, 'i'),
  characters: /[\w./ ,äéû-]/,
  begins: /(?<!\w)(?:\d|jan|feb|f[eé]v|m[aä]r|apr|avr|abr|ma[iy]|jui?[nl]|aug|ao[uû]|ago|sep|o[ck]t|nov|d[eéi][czs]|ene)/i,
  needs: { digits: 2, any: ['birth', 'born', 'dob', 'd.o.b', 'geb', 'naissance', 'née le', 'né le', 'ne le', 'nee le', 'nacimiento', 'nacid', 'nat', 'nascita', 'nascimento'] },
};
