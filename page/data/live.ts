/** What the run does just now, from its events. */
import type { RunEvent } from '../../src/contract/events.ts';
import type { Stage, Subject } from '../../src/contract/trial-events.ts';

export interface LiveTrial {
  readonly index: number;
  readonly slot: string;
  readonly subject: Subject;
  /** ISO time. */
  readonly startedAt: string;
  readonly timeoutSeconds: number;
  /** By metric. */
  readonly curves: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly lines: readonly string[];
  readonly isDone: boolean;
}

/** An experiment under way. */
export interface LiveExperiment {
  readonly id: number;
  readonly stage: Stage;
  readonly subject: Subject | null;
  /** Since when, ISO time. */
  readonly since: string;
  readonly agent: string;
  readonly title: string;
  readonly hypothesis: string;
  /** What the agent has used for it, where that is counted. */
  readonly usd: number | null;
  readonly trial: LiveTrial | null;
}

export interface Live {
  /** The oldest first. */
  readonly experiments: readonly LiveExperiment[];
  readonly warnings: readonly string[];
}

export const NOTHING: Live = { experiments: [], warnings: [] };

/** A process that was killed had no time to say what becomes of its experiments. */
export function underWay({ experiments }: Live, state: string): readonly LiveExperiment[] {
  return state === 'running' || state === 'paused' ? experiments : [];
}

const MOST_LINES = 12;
const MOST_POINTS = 400;
const MOST_WARNINGS = 3;

export function follow(live: Live, event: RunEvent): Live {
  switch (event.type) {
    case 'run-started':
      return NOTHING;
    case 'run-ended':
      return { ...live, experiments: [] };
    case 'warning':
      return { ...live, warnings: [...live.warnings, event.text].slice(-MOST_WARNINGS) };
    case 'verdict':
      return { ...live, experiments: live.experiments.filter(({ id }) => id !== event.experiment) };
    case 'audit':
      return { ...live, experiments: live.experiments.filter(({ subject }) => subject !== 'audit') };
    case 'proposal-started':
    case 'proposal-spend':
    case 'proposal-finished':
    case 'experiment-committed':
    case 'stage-changed':
    case 'trial-started':
    case 'trial-lines':
    case 'curve-points':
    case 'trial-finished':
      return change(live, event);
    default:
      return live;
  }
}

type OfOne = Extract<RunEvent, { readonly experiment: number }>;

function change(live: Live, event: OfOne): Live {
  const before = live.experiments.find(({ id }) => id === event.experiment);
  const after = next(before ?? start(event), event);
  if (before === undefined) return { ...live, experiments: [...live.experiments, after] };
  return { ...live, experiments: live.experiments.map((one) => (one === before ? after : one)) };
}

function start({ experiment, at }: OfOne): LiveExperiment {
  return { id: experiment, stage: 'propose', subject: null, since: at, agent: '', title: '', hypothesis: '', usd: null, trial: null };
}

function next(one: LiveExperiment, event: OfOne): LiveExperiment {
  switch (event.type) {
    case 'proposal-started':
      return { ...one, stage: 'propose', since: event.at, agent: event.agent };
    case 'proposal-spend':
      return { ...one, usd: event.usage.usd ?? one.usd };
    case 'proposal-finished':
      return { ...one, title: event.title ?? one.title, usd: event.usage?.usd ?? one.usd };
    case 'experiment-committed':
      return { ...one, agent: event.agent, title: event.title, hypothesis: event.hypothesis };
    case 'stage-changed':
      return { ...one, stage: event.stage, subject: event.subject, since: one.stage === event.stage ? one.since : event.at };
    default:
      return { ...one, trial: nextTrial(one.trial, event) };
  }
}

function nextTrial(trial: LiveTrial | null, event: OfOne): LiveTrial | null {
  if (event.type === 'trial-started') {
    const { index, slot, subject, at, timeoutSeconds } = event;
    return { index, slot, subject, startedAt: at, timeoutSeconds, curves: {}, lines: [], isDone: false };
  }
  if (trial === null || !('index' in event) || event.index !== trial.index || event.subject !== trial.subject) return trial;
  if (event.type === 'trial-lines') return { ...trial, lines: [...trial.lines, ...event.lines].slice(-MOST_LINES) };
  if (event.type === 'trial-finished') return { ...trial, isDone: true };
  if (event.type !== 'curve-points') return trial;
  const points = [...(trial.curves[event.name] ?? []), ...event.points];
  return { ...trial, curves: { ...trial.curves, [event.name]: points.length > MOST_POINTS ? halve(points) : points } };
}

/** Every second point, and the last one. */
function halve<T>(points: readonly T[]): T[] {
  return points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
}
