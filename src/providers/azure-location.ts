import { wrongOption, kindOf } from './check-options.js';
import { modelPath } from './model-path.js';

/** Where an Azure OpenAI resource is. */
export interface AzureOptions {
  /** Azure only: the resource's name, in place of a base URL. */
  readonly resource?: string | undefined;
  /** Azure only: a dated version (`2024-10-21`) chooses the older paths with a deployment in them. @default none, the v1 API */
  readonly apiVersion?: string | undefined;
}

export interface AzureLocation {
  readonly baseUrl: string | undefined;
  readonly path: (endpoint: string) => (model: string) => string;
}

/**
 * The two forms of Azure's API: `…/openai/v1`, where the model is named in the body, and `…/openai/deployments/{name}`
 * with a version in the query. In both the model's name is that of the deployment.
 */
export function azureLocation(factory: string, options: AzureOptions & { readonly baseUrl?: string | undefined }): AzureLocation {
  const { resource, apiVersion } = options;
  if (resource !== undefined && !/^[A-Za-z0-9-]+$/.test(resource)) throw wrongOption(factory, 'resource', kindOf(resource), "a resource's name: letters, digits and hyphens");
  if (apiVersion !== undefined && !/^[\w-]+$/.test(apiVersion)) throw wrongOption(factory, 'apiVersion', kindOf(apiVersion), 'a version like 2024-10-21');
  if (resource !== undefined && options.baseUrl !== undefined) throw wrongOption(factory, 'resource', 'both resource and baseUrl', 'one of them');
  const baseUrl = options.baseUrl ?? (resource === undefined ? undefined : `https://${resource}.openai.azure.com/openai${apiVersion === undefined ? '/v1' : ''}`);
  if (baseUrl === undefined) throw wrongOption(factory, 'resource', 'neither resource nor baseUrl', 'one of them');
  const query = apiVersion === undefined ? '' : `?api-version=${apiVersion}`;
  const namesModelInBody = /\/v1\/?$/.test(baseUrl) || /\/deployments\//.test(baseUrl) || apiVersion === undefined;
  return {
    baseUrl,
    path: (endpoint) => (model) => `${namesModelInBody ? '' : `/deployments/${modelPath(model)}`}${endpoint}${query}`,
  };
}
