/** A run that never happened but could have: the same seed gives the same experiments. */
import { deepFreeze, type Judgement, type SettledExperiment, type Trial, type Verdict } from '../../src/experiment.ts';
import type { OpeningView } from '../../src/views/types.ts';

const IDEAS = [
  ['embedding LR 0.6 → 0.8', 'The embedding table is the slowest part to converge; a higher rate lets rare tokens move.'],
  ['halve the batch size', 'Twice the optimizer steps in the same five minutes should outweigh the noisier gradient.'],
  ['swap GELU for squared ReLU', 'Squared ReLU gives sparser activations at the same cost.'],
  ['warmdown over the last 40 %', 'A longer decay lets the weights settle near the end of the budget.'],
  ['depth 8 → 10, width 512 → 448', 'At equal parameters a deeper model composes more features.'],
  ['remove weight decay on embeddings', 'Decay pulls rare rows to zero.'],
  ['QK norm before rotary', 'Bounded logits allow a higher learning rate without spikes.'],
  ['tie the output head', 'Fewer parameters to train in a short budget.'],
  ['window attention of 256 tokens', 'Most of the loss is local; a window buys more steps.'],
  ['gradient clipping at 1.0 <b>&amp;', 'A single bad batch should not undo a minute of training.'],
] as const;

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const commitOf = (id: number): string =>
  ((BigInt(id + 1) * 0x9e3779b97f4a7c15f39cc0605cedc834a5b1f3c7n) % 2n ** 160n).toString(16).padStart(40, '0');

export const opening: OpeningView = deepFreeze({
  run: 'jan31',
  base: commitOf(-1 + 7919),
  at: '2026-01-31T22:04:11.000Z',
  engine: '0.1.0',
  node: '24.21.0',
  host: 'lab-h100-2',
  platform: 'linux x64',
  objective: { label: 'val_bpb', direction: 'minimize' as const },
  plugins: [
    { kind: 'agent', name: 'claude-code', version: '0.1.0', path: 'builtin' },
    { kind: 'trainer', name: 'command', version: '0.1.0', path: 'builtin' },
    { kind: 'gate', name: 'improvement', version: '0.1.0', path: 'builtin' },
  ],
  config: {
    root: '.',
    program: 'program.md',
    scope: { edit: ['train.py'], protect: ['prepare.py'] },
    workspace: { link: ['data'], outputs: [], holdout: [], env: [], readable: [], writable: [] },
    data: [],
    objective: { use: 'single', with: { metric: 'val_bpb', direction: 'minimize' } },
    agent: [{ use: 'claude-code' }],
    trainer: { use: 'command', with: { run: ['uv', 'run', 'train.py'] }, timeout: '10m', trials: 1, interleave: false, network: false },
    metrics: { val_bpb: { use: 'regex', with: { pattern: '^val_bpb' } } },
    gates: [{ use: 'improvement' }],
    reporters: [{ use: 'terminal' }],
    noise: { driftZ: 3 },
    sandbox: 'auto',
    slots: ['default'],
    budget: { experiments: 100, time: '8h' },
    stop: { crashes: 5, empty: 10 },
    prompt: { historyTokens: 4000, logChars: 4000 },
    seed: 1,
    plugins: [],
  },
});

/** `count` settled experiments, the baseline first. */
export function syntheticRun(count: number, seed = 7): SettledExperiment[] {
  const next = random(seed);
  let incumbent = { id: 0, score: 0.9979, commit: commitOf(0) };
  let clock = Date.parse(opening.at);
  return Array.from({ length: count }, (_, id) => {
    const verdict = drawVerdict(id, next());
    const step = Math.abs(next() - 0.3) * 0.012 * 0.9 ** (id / 12) + 0.0002;
    const score = scoreFor(id, verdict, incumbent.score, step, next());
    const startedAt = new Date(clock).toISOString();
    const seconds = (verdict === 'crash' ? 20 : 310) + next() * 60;
    clock += seconds * 1000;
    const parent = id === 0 ? opening.base : incumbent.commit;
    const settled: SettledExperiment = {
      v: 1,
      run: opening.run,
      id,
      kind: id === 0 ? 'baseline' : 'change',
      basis: { incumbent: id === 0 ? null : incumbent.id, commit: parent },
      state: 'settled',
      startedAt,
      parent,
      proposal: proposalFor(id, next()),
      candidate: commitOf(id),
      changes: id === 0 ? [] : [{ path: 'train.py', kind: 'modified' }],
      diff: id === 0 ? null : { files: 1, added: 4, removed: 3 },
      trials: [trialFor(id, verdict, score, startedAt, seconds)],
      metrics: score === null ? {} : { val_bpb: score, peak_memory_mb: 45_060.2 },
      score: score === null ? null : { value: score, spread: 0, n: 1 },
      judgements: judgementsFor(id, verdict, score, incumbent.score),
      verdict,
      reason: reasonFor(id, verdict),
      delta: id === 0 || score === null ? null : score - incumbent.score,
      incumbent: id === 0 ? null : { id: incumbent.id, score: incumbent.score },
      settledAt: new Date(clock).toISOString(),
      seconds,
    };
    if (verdict === 'keep' && score !== null) incumbent = { id, score, commit: commitOf(id) };
    return deepFreeze(settled);
  });
}

function drawVerdict(id: number, draw: number): Verdict {
  if (id === 0) return 'keep';
  const keeps = 0.28 * 0.985 ** Math.min(id, 200);
  if (draw < keeps) return 'keep';
  if (draw > 0.93) return 'crash';
  return draw > 0.91 ? 'review' : 'discard';
}

function scoreFor(id: number, verdict: Verdict, best: number, step: number, draw: number): number | null {
  if (id === 0) return best;
  if (verdict === 'crash') return null;
  // What is parked has passed every other gate.
  if (verdict === 'keep' || verdict === 'review') return best - step;
  return draw > 0.94 ? best + 0.4 * draw : best + step * (0.3 + 2 * draw);
}

function proposalFor(id: number, draw: number): SettledExperiment['proposal'] {
  if (id === 0) return { title: 'baseline', hypothesis: '', rationale: '', risks: [], agent: 'engine', source: 'engine' };
  const [title, hypothesis] = IDEAS[Math.floor(draw * IDEAS.length)] ?? IDEAS[0];
  return {
    title,
    hypothesis,
    rationale: `The last three keeps all moved in this direction.\nRun #${Math.max(0, id - 3)} showed the same sign at half the size.`,
    risks: ['May be a gain of this seed only.', 'Uses about 2 % more memory.'],
    agent: 'claude-code',
    source: 'schema',
    expected: { delta: -0.002, confidence: 0.6 },
    usage: { requests: 4, inputTokens: 41_200, outputTokens: 2300, usd: 0.18 },
  };
}

function trialFor(id: number, verdict: Verdict, score: number | null, startedAt: string, seconds: number): Trial {
  const crashed = verdict === 'crash';
  return {
    index: 0,
    state: crashed ? 'finished' : 'measured',
    seed: 1000 + id,
    slot: 'default',
    commit: commitOf(id),
    startedAt,
    exit: crashed ? 'failed' : 'completed',
    exitCode: crashed ? 1 : 0,
    signal: null,
    seconds: seconds - 8,
    peakMemoryMb: 45_060.2,
    metrics: score === null ? {} : { val_bpb: score, peak_memory_mb: 45_060.2 },
  };
}

function judgementsFor(id: number, verdict: Verdict, score: number | null, best: number): Judgement[] {
  if (id === 0 || score === null) return [];
  const won = verdict === 'keep' || verdict === 'review';
  const improvement: Judgement = {
    gate: 'improvement',
    outcome: won ? 'pass' : 'fail',
    code: won ? 'BETTER' : 'NOT_BETTER',
    reason: `${score.toFixed(4)} against ${best.toFixed(4)}`,
    evidence: { score, incumbent: best, minDelta: 0 },
  };
  if (verdict !== 'review') return [improvement];
  return [improvement, { gate: 'approval', outcome: 'review', code: 'NEEDS_APPROVAL', reason: 'The change touches the tokenizer.' }];
}

function reasonFor(id: number, verdict: Verdict): SettledExperiment['reason'] {
  if (id === 0) return { code: 'BASELINE', text: 'The starting point.' };
  if (verdict === 'crash') return { code: 'TRIAL_FAILED', text: 'The trainer exited with code 1: CUDA out of memory.' };
  if (verdict === 'keep') return { code: 'BETTER', text: 'All gates passed.' };
  if (verdict === 'review') return { code: 'NEEDS_APPROVAL', text: 'The change touches the tokenizer.' };
  return { code: 'NOT_BETTER', text: 'The score did not improve on the incumbent.' };
}

export const sampleDiff = [
  'diff --git a/train.py b/train.py',
  'index 3f2a1bc..9d04e77 100644',
  '--- a/train.py',
  '+++ b/train.py',
  '@@ -118,7 +118,8 @@ def configure_optimizers(model):',
  '     groups = [',
  '-        dict(params=model.embedding.parameters(), lr=0.6),',
  '+        # rare tokens get few updates in a short budget',
  '+        dict(params=model.embedding.parameters(), lr=0.8),',
  '         dict(params=model.head.parameters(), lr=0.004),',
  '     ]',
  '',
].join('\n');
