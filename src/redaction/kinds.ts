import type { Detector } from './detector.js';
import { birthDate } from './detectors/birth-date.js';
import { card } from './detectors/card.js';
import { bitcoin, bitcoinTest, ethereum, segwit } from './detectors/crypto-address.js';
import { email } from './detectors/email.js';
import { iban } from './detectors/iban.js';
import { jwt } from './detectors/jwt.js';
import { namedSecret } from './detectors/named-secret.js';
import { serviceKey } from './detectors/service-key.js';
import { aadhaar, abn, acn, australianMedicare, chineseId, nric, pan, rrn, tfn, thaiNumber } from './detectors/national/asia-pacific.js';
import { belgianNumber, dutchBsn, finnishCode, frenchNir, germanPension, germanTaxId, italianFiscalCode, pesel, spanishNie, spanishNif, swedishNumber } from './detectors/national/european-union.js';
import { curp, medicare, namedSocialSecurity, provider, socialInsurance, socialSecurity, taxpayer } from './detectors/national/north-america.js';
import { cpf, nigerianNin, southAfricanId, turkishId } from './detectors/national/others.js';
import { nationalInsurance, nhs } from './detectors/national/united-kingdom.js';
import { ipv4, ipv6, mac } from './detectors/network.js';
import { namedPhone, phone } from './detectors/phone.js';
import { privateKey } from './detectors/private-key.js';
import { urlCredentials } from './detectors/url-credentials.js';
import { passwordHash, vendorToken, webhook } from './detectors/vendor-token.js';

/** Everything that is looked for unless told otherwise. Where two find the same characters, the one further up gives its name. */
export const builtInDetectors: readonly Detector[] = [
  privateKey, jwt, vendorToken, webhook, urlCredentials, passwordHash, email, iban, card,
  socialSecurity, namedSocialSecurity, medicare, nationalInsurance, italianFiscalCode, spanishNie, spanishNif, finnishCode, germanPension, curp, nric, pan,
  chineseId, frenchNir, rrn, southAfricanId, swedishNumber, thaiNumber, aadhaar, pesel, turkishId, germanTaxId, cpf, abn, belgianNumber, nigerianNin, australianMedicare, nhs, provider,
  taxpayer, socialInsurance, tfn, acn, dutchBsn, bitcoin, bitcoinTest, segwit, ethereum, ipv4, ipv6, mac, birthDate, phone, namedPhone, namedSecret, serviceKey,
];
