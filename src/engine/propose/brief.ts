import { parseDuration } from '../../duration.ts';
import type { Brief, Fix } from '../../plugin.ts';
import { buildPrompt, type LastCrash, type PromptFacts } from '../../prompt/prompt.ts';
import { constraintsOf } from './constraints.ts';
import type { Run } from '../engine.ts';
import type { Desk } from '../slots/desk.ts';
import type { Hint } from './hints.ts';

const DEFAULT_TIMEOUT = '30m';
/** How much of the space for the history goes, on top of that, to what others have tried. */
const ELSEWHERE = 0.5;
const CHARS_PER_TOKEN = 4;

type BriefRun = Pick<Run, 'config' | 'state' | 'scope' | 'hints' | 'signal' | 'readProgram' | 'readLog'> & Partial<Pick<Run, 'others'>>;
type BriefDesk = Pick<Desk, 'scratchDir' | 'env'> & { readonly worktree: Pick<Desk['worktree'], 'cwd'> };

export interface AskedBrief extends Brief {
  /** The hints that went into the prompt; none while no agent has asked for it. */
  hintsTold(): readonly Hint[];
}

/** What the agents are asked, for the next experiment or to mend one. */
export function briefOf(run: BriefRun, { worktree, scratchDir, env }: BriefDesk, id: number, parent: string, fix?: Fix): AskedBrief {
  const { config, state, hints, scope, others = null } = run;
  const program = run.readProgram();
  let told: readonly Hint[] = [];
  const prompt = async (share = 1) => {
    // Another try at the same proposal is told the same hints again.
    if (!fix) told = [...told, ...hints.take()];
    return buildPrompt({
      id,
      cwd: worktree.cwd,
      program,
      scope,
      run: state.view,
      ...(fix && { fix }),
      constraints: constraintsOf(config),
      hints: told.map(({ decision }) => decision.text),
      lastCrash: fix ? null : await lastCrashOf(run),
      elsewhere: (await others?.digest(config.prompt.historyTokens * share * CHARS_PER_TOKEN * ELSEWHERE)) ?? '',
      focus: config.remote?.focus ?? '',
      historyTokens: config.prompt.historyTokens * share,
      logChars: config.prompt.logChars,
    } satisfies PromptFacts);
  };
  return {
    id,
    attempt: 0,
    cwd: worktree.cwd,
    parent,
    // The same experiment gets the same seed again after a crash; different experiments get unrelated seeds.
    seed: (Math.imul(id + 1, 0x9e3779b1) ^ Math.imul(config.seed, 0x85ebca6b)) >>> 0,
    program,
    scope,
    run: state.view,
    ...(fix && { fix }),
    scratchDir,
    env,
    timeoutMs: parseDuration(DEFAULT_TIMEOUT),
    limits: {},
    signal: run.signal,
    prompt,
    hintsTold: () => told,
  };
}

async function lastCrashOf({ state, readLog }: BriefRun): Promise<LastCrash | null> {
  const last = state.history.findLast((summary) => summary.kind !== 'control');
  if (last?.verdict !== 'crash') return null;
  const { id, title, reason } = last;
  return { id, title, reason, log: await readLog(id) };
}
