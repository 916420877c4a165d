import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import type { OpenArm } from '../arms.ts';
import { API_KEY } from '../scenario.ts';
import { throughGateway } from './through-gateway.ts';

export const headgateChat: OpenArm = (url) => throughGateway(createGateway({ providers: [openai({ apiKey: API_KEY, baseUrl: `${url}/v1`, api: 'chat' })] }));

export const headgateResponses: OpenArm = (url) => throughGateway(createGateway({ providers: [openai({ apiKey: API_KEY, baseUrl: `${url}/v1` })] }));
