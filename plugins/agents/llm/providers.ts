import type { LanguageModel } from 'ai';
import { FORMATS } from '../_cli/formats.ts';
import type { LlmOptions } from './options.ts';

interface Service {
  readonly url: string;
  readonly token: string;
}

interface Provider {
  /** Installed by the user, beside autoresearch: most runs need none of them. */
  readonly package: string;
  readonly url: string | null;
  readonly key: string | null;
  load(service: Service, options: LlmOptions): Promise<LanguageModel>;
}

export const PROVIDERS: Readonly<Record<LlmOptions['provider'], Provider>> = {
  anthropic: {
    package: '@ai-sdk/anthropic',
    ...FORMATS.anthropic,
    load: async ({ url, token }, { model }) =>
      (await import('@ai-sdk/anthropic')).createAnthropic({ baseURL: `${url}/v1`, apiKey: token })(model),
  },
  openai: {
    package: '@ai-sdk/openai',
    ...FORMATS.responses,
    load: async ({ url, token }, { model }) =>
      (await import('@ai-sdk/openai')).createOpenAI({ baseURL: `${url}/v1`, apiKey: token })(model),
  },
  google: {
    package: '@ai-sdk/google',
    ...FORMATS.gemini,
    load: async ({ url, token }, { model }) =>
      (await import('@ai-sdk/google')).createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: token })(model),
  },
  'openai-compatible': {
    package: '@ai-sdk/openai-compatible',
    url: null,
    key: null,
    load: async ({ url, token }, { model, structured }) =>
      (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
        name: 'service',
        baseURL: `${url}/v1`,
        apiKey: token,
        includeUsage: true,
        supportsStructuredOutputs: structured,
      })(model),
  },
};

/** Where the service is and the name of the variable with its key; `openai-compatible` has no usual place. */
export function accessOf({ provider, url, key }: LlmOptions): { readonly url: string | null; readonly key: string | null } {
  const usual = PROVIDERS[provider];
  return { url: url ?? usual.url, key: key ?? usual.key };
}

/** The packages that are not installed, as words for `npm install`. */
export async function missingPackages({ provider }: LlmOptions): Promise<string[]> {
  const names = ['ai', PROVIDERS[provider].package];
  const found = await Promise.all(
    names.map((name) =>
      import(name).then(
        () => true,
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => !found[index]);
}
