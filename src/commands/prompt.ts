import { previewPrompt } from '../engine/session/preview-prompt.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { createLog } from '../log.ts';
import type { ReadFlags } from './read.ts';
import { print, printJson } from './read.ts';

/** Prints what the first agent that talks to a model would be sent next, to the letter. */
export async function prompt(run: string | undefined, flags: ReadFlags & { readonly agent?: string }): Promise<ExitCode> {
  const previews = await previewPrompt(process.cwd(), run, createLog({ debug: false }));
  if (flags.json) {
    printJson(previews);
    return 0;
  }
  const asked = previews.filter(({ agent }) => flags.agent === undefined || agent === flags.agent);
  const text = asked.find((preview) => preview.text !== null)?.text ?? null;
  if (text === null) {
    const names = previews.map(({ agent }) => agent).join(', ');
    const what = asked.length === 0 ? `there is no agent "${flags.agent}"` : 'no agent of this config sends a prompt';
    throw new AutoresearchError('USAGE', what, { hint: `the agents are: ${names}` });
  }
  print(text);
  return 0;
}
