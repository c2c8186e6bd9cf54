import type { Brief, Meter } from '../../../src/plugin.ts';
import { ANSWER_SCHEMA } from './answer.ts';
import type { LlmOptions } from './options.ts';
import { PROVIDERS } from './providers.ts';

/**
 * Sends one prompt and gathers the answer's text as it comes.
 * @throws what the service or the network said; an abort as the signal's reason
 */
export async function ask(prompt: string, meter: Meter, options: LlmOptions, signal: Brief['signal']): Promise<string> {
  const { streamText, Output, jsonSchema } = await import('ai');
  const { fullStream } = streamText({
    model: await PROVIDERS[options.provider].load(meter, options),
    prompt,
    abortSignal: signal,
    // The engine asks again, as its policy says.
    maxRetries: 0,
    ...(options.structured && { output: Output.object({ schema: jsonSchema(ANSWER_SCHEMA) }) }),
    maxOutputTokens: options.maxOutputTokens,
    // Errors come through the stream; by default they are printed too.
    onError: () => {},
  });
  let text = '';
  for await (const part of fullStream) {
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'error') throw part.error;
    if (part.type === 'abort') signal.throwIfAborted();
    if (part.type === 'finish' && part.finishReason === 'length') throw new Error('the answer was cut off at its longest');
  }
  return text;
}
