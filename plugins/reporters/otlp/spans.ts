import type { Audit, Judgement, RunView, SettledExperiment, Trial } from '../../../src/plugin.ts';
import { millis } from '../_delivery/facts.ts';
import { attributes, idOf, nanos, type Attribute } from './values.ts';

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number; readonly message?: string };
}

const INTERNAL = 1;
const OK = { code: 1 };
const failed = (message: string) => ({ code: 2, message });

/** One trace for a run; below its root a span for each experiment, and below these the proposal, the trials and the gates. */
export function experimentSpans(run: RunView, experiment: SettledExperiment): Span[] {
  const { id, verdict, reason, proposal, trials, judgements, score, delta, candidate, parent, settledAt, startedAt } = experiment;
  const start = millis(startedAt);
  const end = Math.max(millis(settledAt), start);
  const trialStarts = trials.map((trial) => millis(trial.startedAt));
  const trialEnds = trials.map(endOf);
  const firstTrial = clamp(Math.min(...trialStarts, end), start, end);
  const lastTrial = clamp(Math.max(...trialEnds, start), firstTrial, end);
  const make = maker(run, `${id}`);
  const whole = make({
    name: `experiment ${id}`,
    times: [start, end],
    own: [],
    under: rootOf(run),
    status: verdict === 'crash' ? failed(reason.text) : OK,
    values: {
      'autoresearch.experiment': id,
      'autoresearch.title': proposal.title,
      'autoresearch.verdict': verdict,
      'autoresearch.reason': reason.code,
      'autoresearch.score': score?.value,
      'autoresearch.delta': delta,
      'autoresearch.commit': candidate,
      'autoresearch.parent': parent,
    },
  });
  const { usage } = proposal;
  const asked = make({
    name: `propose ${proposal.agent}`,
    times: [start, firstTrial],
    own: ['proposal'],
    under: whole.spanId,
    values: {
      'gen_ai.agent.name': proposal.agent,
      'gen_ai.request.model': proposal.model,
      'gen_ai.usage.input_tokens': usage?.inputTokens,
      'gen_ai.usage.output_tokens': usage?.outputTokens,
      'autoresearch.usd': usage?.usd,
    },
  });
  const trialSpans = trials.map((trial, index) =>
    trialSpan(make, trial, whole.spanId, [trialStarts[index] ?? start, trialEnds[index] ?? end]),
  );
  const gates = judgements.map((judgement, index) => gateSpan(make, judgement, index, whole.spanId, [lastTrial, end]));
  return [...(id === 0 ? [rootSpan(run, start, end)] : []), whole, asked, ...trialSpans, ...gates];
}

export function auditSpan(run: RunView, { at, final, anchor, trials, claim, text, rolledBack }: Audit, index: number): Span {
  const all = [...trials.final, ...trials.anchor];
  const end = millis(at);
  return maker(
    run,
    `audit ${index}`,
  )({
    name: `audit of experiment ${final.id}`,
    times: [Math.min(...all.map((trial) => millis(trial.startedAt)), end), end],
    own: [],
    under: rootOf(run),
    status: rolledBack ? failed(text) : OK,
    values: {
      'autoresearch.experiment': final.id,
      'autoresearch.anchor': anchor.id,
      'autoresearch.change': claim.value,
      'autoresearch.change.low': claim.low,
      'autoresearch.change.high': claim.high,
      'autoresearch.shown': claim.shown,
    },
  });
}

interface Made {
  readonly name: string;
  readonly times: readonly [number, number];
  /** With the experiment, what its id is made of. */
  readonly own: readonly (string | number)[];
  readonly under: string;
  readonly status?: Span['status'];
  readonly values: Parameters<typeof attributes>[0];
}

function maker(run: RunView, of: string) {
  const key = run.ledger?.id ?? run.name;
  return ({ name, times: [start, end], own, under, status = OK, values }: Made): Span => ({
    traceId: idOf(16, key),
    spanId: idOf(8, key, of, ...own),
    parentSpanId: under,
    name,
    kind: INTERNAL,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(Math.max(start, end)),
    attributes: attributes({ 'autoresearch.run': run.name, ...values }),
    status,
  });
}

const rootOf = (run: RunView) => idOf(8, run.ledger?.id ?? run.name, 'root');

/** As long as the baseline: a run has no end before it is over, and may be resumed after that. */
function rootSpan(run: RunView, start: number, end: number): Span {
  const { parentSpanId: _none, ...span } = maker(
    run,
    'root',
  )({
    name: `run ${run.name}`,
    times: [start, end],
    own: [],
    under: '',
    values: { 'autoresearch.objective': run.objective.label, 'autoresearch.direction': run.objective.direction },
  });
  return { ...span, spanId: rootOf(run) };
}

function trialSpan(make: (made: Made) => Span, trial: Trial, under: string, times: readonly [number, number]): Span {
  const { index, slot, seed, exit, exitCode, peakMemoryMb, metrics } = trial;
  return make({
    name: `trial ${index}`,
    times,
    own: ['trial', index],
    under,
    status: exit === 'completed' || exit === 'stopped' ? OK : failed(exit),
    values: {
      'autoresearch.slot': slot,
      'autoresearch.seed': seed,
      'autoresearch.exit': exit,
      'process.exit.code': exitCode,
      'autoresearch.peak_memory_mb': peakMemoryMb,
      ...Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`autoresearch.metric.${name}`, value])),
    },
  });
}

function gateSpan(
  make: (made: Made) => Span,
  { gate, outcome, code, reason }: Judgement,
  index: number,
  under: string,
  times: readonly [number, number],
): Span {
  const values = { 'autoresearch.outcome': outcome, 'autoresearch.code': code, 'autoresearch.text': reason };
  return make({ name: `gate ${gate}`, times, own: ['gate', index], under, values });
}

const endOf = (trial: Trial) => millis(trial.startedAt) + 1000 * trial.seconds;
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
