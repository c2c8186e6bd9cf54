import { deepFreeze } from '../experiment.ts';
import type { RunEvent, RunEventType } from '../plugin.ts';

type Facts = { readonly [T in RunEventType]: Omit<Extract<RunEvent, { type: T }>, 'seq' | 'at' | 'type'> };

const by = { name: 'Ada', email: null };
const trial = { experiment: 1, slot: 'default', index: 0, subject: 'change' } as const;

const FACTS: Facts = {
  'run-started': {
    run: 'night',
    isResumed: false,
    pid: 1,
    host: 'here',
    engine: '0.0.0',
    objective: { label: 'loss', direction: 'minimize' },
    slots: ['default'],
    budget: {},
    settled: 1,
  },
  'stage-changed': { experiment: 1, stage: 'propose', subject: 'change' },
  'proposal-started': { experiment: 1, agent: 'search', attempt: 0, isFix: false },
  'proposal-spend': { experiment: 1, agent: 'search', usage: { requests: 1, usd: 0.01 } },
  'proposal-finished': { experiment: 1, agent: 'search', status: 'proposed', title: 'LR up', seconds: 1 },
  'experiment-committed': {
    experiment: 1,
    slot: 'default',
    subject: 'change',
    agent: 'search',
    title: 'LR up',
    hypothesis: '',
    candidate: 'b'.repeat(40),
    parent: 'a'.repeat(40),
    files: ['train.py'],
    fileCount: 1,
  },
  'trial-started': { ...trial, seed: 1, commit: 'b'.repeat(40), timeoutSeconds: 60 },
  'trial-lines': { ...trial, lines: ['loss 1'], dropped: 0, elapsedSeconds: 1 },
  'curve-points': { ...trial, name: 'loss', points: [[0.5, 1]], elapsedSeconds: 1 },
  'trial-finished': { ...trial, seed: 1, exit: 'completed', seconds: 2, peakMemoryMb: null, metrics: { loss: 1 } },
  verdict: {
    experiment: 1,
    row: { id: 1, kind: 'change', verdict: 'keep', code: 'IMPROVED', title: 'LR up', score: 1, agent: 'search', seconds: 3, at: 0 },
    text: 'better by 0.1',
  },
  audit: {
    occasion: 'end',
    final: 1,
    anchor: 0,
    claim: { value: -0.1, low: -0.2, high: 0, shown: 'gain' },
    raw: -0.2,
    isRolledBack: false,
    failures: [],
    text: 'a gain',
  },
  decision: { id: 'd1', decision: { kind: 'review', experiment: 1, decision: 'approve', note: '', by } },
  'run-paused': { by, note: '' },
  'run-unpaused': { by },
  warning: { text: 'something may be wrong' },
  'events-lost': { count: 3 },
  'run-ended': { outcome: 'stopped', reason: { code: 'BUDGET_EXPERIMENTS', text: 'the experiments are used' } },
};

/** One event of each type, as a reporter's `observe` gets them. */
export function makeEvents(): RunEvent[] {
  const at = new Date(0).toISOString();
  return Object.entries(FACTS).map(([type, facts], index) => deepFreeze({ seq: index + 1, at, type, ...facts }) as RunEvent);
}
