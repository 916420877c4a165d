/** Rows of the shared samples that are not caught, and why that is right or has to be. */
export const KNOWN_MISSES: Readonly<Record<string, string>> = {
  'pii-2133': 'two colons alone are an operator in many languages',
  'pii-0724': 'no identity card begins with A or B',
  'pii-0725': 'no identity card begins with A or B',
  'pii-0691': 'has not the form of a PAN: five letters, four digits, a letter',
  'secret-1246': 'a hash assigned to a name that ends in ID',
  'secret-1291': 'the password is six number signs',
  'secret-1339': 'two small words joined by a dash are no sign of a secret',
  'secret-1557': 'the password is a variable between percent signs',
  'secret-1650': 'the password is a variable',
  'secret-1898': 'the password is eight times x',
  'secret-1991': 'fourteen letters without a digit behind the name of a service',
};

/** Rows that hold nothing, and are changed all the same. */
export const KNOWN_FLAGS: Readonly<Record<string, string>> = {
  'secret-0983': 'a key of the vendor in all but its last two letters',
  'secret-1124': 'assigned to a token, and begins like one',
  'secret-1276': 'assigned to a secret access key, and looks like one',
  'secret-1477': 'assigned to a licence key, and looks like one',
  'secret-1641': 'assigned to a stream key, and looks like one',
};
