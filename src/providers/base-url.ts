import { kindOf, wrongOption } from './check-options.js';

/**
 * A base URL as the adapters use it: no slash at its end.
 *
 * `https`, or `http` to this very machine. Any other `http` host needs `allowHttp`, because prompts and keys would
 * travel readable. No user name, password, query or fragment. Errors never print the URL: what is wrong with it may be
 * the password in it.
 */
export function checkBaseUrl(factory: string, value: unknown, allowHttp: unknown): string {
  if (allowHttp !== undefined && typeof allowHttp !== 'boolean') throw wrongOption(factory, 'allowHttp', kindOf(allowHttp), 'true or false');
  if (typeof value !== 'string' || value === '') throw wrongOption(factory, 'baseUrl', kindOf(value), 'an https URL');
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw wrongOption(factory, 'baseUrl', 'text that is not an absolute URL', 'an https URL');
  }
  if (url.username !== '' || url.password !== '') throw wrongOption(factory, 'baseUrl', 'a URL with a user name or password in it', 'one without; the key goes in apiKey');
  if (url.search !== '' || url.hash !== '') throw wrongOption(factory, 'baseUrl', 'a URL with a query or fragment', 'one that ends with its path');
  if (url.protocol === 'http:' && allowHttp !== true && !isLoopback(url.hostname)) {
    throw wrongOption(factory, 'baseUrl', 'an http URL of another machine', 'https, or allowHttp: true if prompts and keys may travel readable there');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrongOption(factory, 'baseUrl', `a ${url.protocol} URL`, 'an https URL');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
