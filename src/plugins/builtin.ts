/**
 * The plugins that come with autoresearch, each loaded only when a config names it.
 * The one place in src that knows the folder plugins/.
 */
import type { Kind } from '../contract/definition.ts';

type Load = () => Promise<{ readonly default: unknown }>;

export const BUILTINS: { readonly [K in Kind]: Readonly<Record<string, Load>> } = {
  objective: {
    single: () => import('../../plugins/objectives/single/index.ts'),
    lexicographic: () => import('../../plugins/objectives/lexicographic/index.ts'),
    weighted: () => import('../../plugins/objectives/weighted/index.ts'),
    pareto: () => import('../../plugins/objectives/pareto/index.ts'),
  },
  agent: {
    search: () => import('../../plugins/agents/search/index.ts'),
    command: () => import('../../plugins/agents/command/index.ts'),
    replay: () => import('../../plugins/agents/replay/index.ts'),
    'claude-code': () => import('../../plugins/agents/claude-code/index.ts'),
    codex: () => import('../../plugins/agents/codex/index.ts'),
    gemini: () => import('../../plugins/agents/gemini/index.ts'),
    opencode: () => import('../../plugins/agents/opencode/index.ts'),
    pi: () => import('../../plugins/agents/pi/index.ts'),
    acp: () => import('../../plugins/agents/acp/index.ts'),
    llm: () => import('../../plugins/agents/llm/index.ts'),
    portfolio: () => import('../../plugins/agents/portfolio/index.ts'),
  },
  trainer: {
    command: () => import('../../plugins/trainers/command/index.ts'),
    slurm: () => import('../../plugins/trainers/slurm/index.ts'),
    ssh: () => import('../../plugins/trainers/ssh/index.ts'),
    ray: () => import('../../plugins/trainers/ray/index.ts'),
  },
  metric: {
    regex: () => import('../../plugins/metrics/regex/index.ts'),
    json: () => import('../../plugins/metrics/json/index.ts'),
    items: () => import('../../plugins/metrics/items/index.ts'),
    duration: () => import('../../plugins/metrics/duration/index.ts'),
    'peak-memory': () => import('../../plugins/metrics/peak-memory/index.ts'),
    'diff-size': () => import('../../plugins/metrics/diff-size/index.ts'),
  },
  gate: {
    'min-delta': () => import('../../plugins/gates/min-delta/index.ts'),
    posterior: () => import('../../plugins/gates/posterior/index.ts'),
    sprt: () => import('../../plugins/gates/sprt/index.ts'),
    simplicity: () => import('../../plugins/gates/simplicity/index.ts'),
    guardrail: () => import('../../plugins/gates/guardrail/index.ts'),
    pruner: () => import('../../plugins/gates/pruner/index.ts'),
    audit: () => import('../../plugins/gates/audit/index.ts'),
    scope: () => import('../../plugins/gates/scope/index.ts'),
    rationale: () => import('../../plugins/gates/rationale/index.ts'),
  },
  reporter: {
    terminal: () => import('../../plugins/reporters/terminal/index.ts'),
    tsv: () => import('../../plugins/reporters/tsv/index.ts'),
    jsonl: () => import('../../plugins/reporters/jsonl/index.ts'),
    webhook: () => import('../../plugins/reporters/webhook/index.ts'),
    mlflow: () => import('../../plugins/reporters/mlflow/index.ts'),
    tensorboard: () => import('../../plugins/reporters/tensorboard/index.ts'),
    otlp: () => import('../../plugins/reporters/otlp/index.ts'),
    wandb: () => import('../../plugins/reporters/wandb/index.ts'),
    github: () => import('../../plugins/reporters/github/index.ts'),
  },
};

export const KINDS: readonly Kind[] = ['objective', 'agent', 'trainer', 'metric', 'gate', 'reporter'];

/** The loader of a built-in; undefined when there is none of that name and kind. */
export function builtin(kind: Kind, name: string): Load | undefined {
  return Object.hasOwn(BUILTINS[kind], name) ? BUILTINS[kind][name] : undefined;
}

export function builtinNames(kind: Kind): string[] {
  return Object.keys(BUILTINS[kind]);
}

/** The other kinds that have a built-in of this name. */
export function kindsOf(name: string): Kind[] {
  return KINDS.filter((kind) => Object.hasOwn(BUILTINS[kind], name));
}
