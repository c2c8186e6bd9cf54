import { parseDuration } from '../../duration.ts';
import type { Brief, Fix } from '../../plugin.ts';
import { buildPrompt, type LastCrash, type PromptFacts } from '../../prompt/prompt.ts';
import { constraintsOf } from './constraints.ts';
import type { Engine } from '../engine.ts';
import { waitingHints, type Hint } from './hints.ts';
import { scratchDirOf } from '../slots/places.ts';

const DEFAULT_TIMEOUT = '30m';

export type BriefEngine = Pick<Engine, 'config' | 'state' | 'runDir' | 'scope' | 'env' | 'signal' | 'readProgram' | 'readLog'> & {
  readonly worktree: Pick<Engine['worktree'], 'cwd'>;
};

export interface AskedBrief extends Brief {
  /** The hints that went into the prompt; none while no agent has asked for it. */
  hintsTold(): readonly Hint[];
}

/** What the agents are asked, for the next experiment or to mend one. */
export function briefOf(engine: BriefEngine, id: number, parent: string, fix?: Fix): AskedBrief {
  const { config, state, runDir, worktree } = engine;
  const program = engine.readProgram();
  let told: readonly Hint[] = [];
  const prompt = async (share = 1) => {
    if (!fix) told = waitingHints(runDir);
    return buildPrompt({
      id,
      cwd: worktree.cwd,
      program,
      scope: engine.scope,
      run: state.view,
      ...(fix && { fix }),
      constraints: constraintsOf(config),
      hints: told.map(({ decision }) => decision.text),
      lastCrash: fix ? null : await lastCrashOf(engine),
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
    scope: engine.scope,
    run: state.view,
    ...(fix && { fix }),
    scratchDir: scratchDirOf(runDir),
    env: engine.env,
    timeoutMs: parseDuration(DEFAULT_TIMEOUT),
    limits: {},
    signal: engine.signal,
    prompt,
    hintsTold: () => told,
  };
}

async function lastCrashOf({ state, readLog }: BriefEngine): Promise<LastCrash | null> {
  const last = state.history.findLast((summary) => summary.kind !== 'control');
  if (last?.verdict !== 'crash') return null;
  const { id, title, reason } = last;
  return { id, title, reason, log: await readLog(id) };
}
