import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import OpenAI from 'openai';
import type { OpenArm } from '../arms.ts';
import { API_KEY } from '../scenario.ts';
import { throughGateway } from './through-gateway.ts';

export const headgateClient: OpenArm = (url) => {
  const client = new OpenAI({ apiKey: API_KEY, baseURL: `${url}/v1` });
  return throughGateway(createGateway({ providers: [openai({ client, api: 'chat' })] }));
};
