import { entropy, isLiteral, namedValues } from './named-value.js';

/** Services whose keys have no beginning of their own. */
const SERVICES = 'adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|auth0|azure|beamer|bitbucket|bittrex|clickup|cloudflare|codecov|coinbase|cohere|confluence|confluent|contentful|datadog|digitalocean|discord|drone(?:ci)?|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|freshdesk|gitter|gocardless|grafana|heroku|hubspot|intercom|jfrog|jira|kraken|kucoin|launchdarkly|linear|linkedin|lob|looker|mailchimp|mailgun|mapbox|mattermost|messagebird|netlify|new[_-]?relic|ngrok|nytimes|okta|openweather|opsgenie|pagerduty|plaid|postmark|pusher|rapidapi|segment|sendbird|sendinblue|sentry|snyk|sonar(?:qube)?|sourcegraph|splunk|square(?:space)?|strava|sumo(?:logic)?|telegr(?:am)?|travis(?:ci)?|trello|twilio|twitch|twitter|typeform|vultr|yandex|zendesk|zoom';

/** What stands behind the name of a service and looks like nothing else than a key: `twilio => …`. */
export const serviceKey = namedValues(
  [{ hints: [], words: new RegExp(String.raw`(${SERVICES})(?:[\w.-]{0,20})["']{0,1}[^\S\n]{0,3}(?:=>|:=|\?=|\|\||[:=>,])[^\S\n]{0,3}["'=]{0,2}`, 'gi'), value: isServiceKey }],
  12,
);

function isServiceKey(text: string): boolean {
  return text.length >= 14 && isLiteral(text) && /^[\w.:=+/@~-]+$/.test(text) && !/^https?:|^\d{1,13}$|^\w+(?:[._-][a-z]+)+$/i.test(text) && (/\d/.test(text) || /[a-z][A-Z]/.test(text)) && entropy(text) > 2.5;
}
