import { readFile } from 'node:fs/promises';
import { definePlugin, type Agent, type AgentResult, type Brief, type PluginContext, type RunView } from '../../../src/plugin.ts';
import { fromFolder } from './from-folder.ts';
import { fromBranch, fromRun } from './from-git.ts';
import { runGit, wordsOf } from './git.ts';
import { schema } from './schema.ts';
import type { CreateSource, Entry, Recorded, Source } from './source.ts';

const SOURCES = { from: fromFolder, run: fromRun, branch: fromBranch } as const satisfies Record<string, CreateSource>;

interface Options {
  readonly from?: string;
  readonly run?: string;
  readonly branch?: string;
}

export default definePlugin({
  kind: 'agent',
  name: 'replay',
  apiVersion: 1,
  description: 'Applies recorded changes again, in their order: from patch files, a recorded run or a branch.',
  schema,
  create: (options, context): Agent => {
    const sources = sourcesOf(options, context);
    const [source] = sources;
    let session = new Session();
    return {
      verify: async (preflight) => {
        if (sources.length === 1 && source !== undefined) return source.verify(preflight);
        preflight.problem(
          'CONFIG_VALUE',
          `replay needs exactly one of from, run and branch, not ${sources.length}`,
          'name where the changes come from',
        );
      },
      propose: async (brief) => {
        if (source === undefined) return { status: 'failed', kind: 'config', message: 'nothing to replay from' };
        if (!session.continues(brief.run)) session = new Session();
        return session.propose(source, context, brief);
      },
    };
  },
});

function sourcesOf(options: Options, context: PluginContext): readonly Source[] {
  return (['from', 'run', 'branch'] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [SOURCES[name](value, context)];
  });
}

/** One run's progress: what is done is read from its history, so that a resumed run goes on. */
class Session {
  readonly #done = new Set<string>();
  #entries: readonly Entry[] | null = null;
  #run: string | null = null;
  #folded = 0;
  #next = 0;

  continues(run: RunView): boolean {
    return (this.#run === null || this.#run === run.name) && run.history.length >= this.#folded;
  }

  async propose(source: Source, context: PluginContext, brief: Brief): Promise<AgentResult> {
    if (brief.signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped' };
    this.#run = brief.run.name;
    this.#fold(brief.run);
    try {
      this.#entries ??= await source.list(brief);
      while (this.#done.has(this.#entries[this.#next]?.name ?? '')) this.#next += 1;
      const entry = this.#entries[this.#next];
      if (entry === undefined) return { status: 'exhausted', reason: `all ${this.#entries.length} recorded changes have been replayed` };
      return await apply(entry.name, await entry.load(brief), context, brief);
    } catch (error) {
      return { status: 'failed', kind: 'config', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #fold(run: RunView): void {
    for (; this.#folded < run.history.length; this.#folded += 1) {
      const patch = run.history[this.#folded]?.params?.['patch'];
      if (typeof patch === 'string') this.#done.add(patch);
    }
  }
}

async function apply(name: string, { report, patchFile }: Recorded, context: PluginContext, brief: Brief): Promise<AgentResult> {
  const told = { ...report, params: { ...report.params, patch: name } };
  const text = await readFile(patchFile, 'utf8');
  // Paths in git's own format start at the top of the repository; applied below it, others would be skipped in silence.
  const top = /^diff --git /m.test(text) ? await readTop(context, brief) : brief.cwd;
  // Into the files only: the index is the engine's.
  const result = await runGit(['apply', '--whitespace=nowarn', '--', patchFile], context, brief, top);
  if (result.exit === 'completed') return { status: 'proposed', report: told };
  if (brief.signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped' };
  const rationale = `The recorded change ${name} does not apply to the incumbent: ${wordsOf(result)}`;
  return { status: 'no-change', code: 'DOES_NOT_APPLY', report: { ...told, title: `does not apply: ${report.title}`, rationale } };
}

async function readTop(context: PluginContext, brief: Brief): Promise<string> {
  const { exit, tail } = await runGit(['rev-parse', '--show-toplevel'], context, brief);
  return exit === 'completed' ? tail.trim() : brief.cwd;
}
