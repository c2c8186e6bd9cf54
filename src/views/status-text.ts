import { gain } from '../experiment.ts';
import { rollbackTarget } from '../model/incumbents.ts';
import { claimText } from './claim.ts';
import { IMPORTED_TEXT, isImported } from './incumbent-steps.ts';
import { decimalsOfSpread, gainOf, isBounded, isDust } from './estimate.ts';
import { decimalsFor, formatNumber, formatPercent, formatSeconds, formatTime, formatUsd, plural, shortCommit, wordFor } from './format.ts';
import { renderRows } from './log.ts';
import { formatNoise } from './noise.ts';
import type { Headline } from './headline.ts';
import { lateGainsText } from './late.ts';
import { painter, type Paint } from './paint.ts';
import { TRUST_LEVELS } from '../trust.ts';
import { standingsText } from './reviews.ts';
import { oneLine, pad, truncate, wrap } from './text.ts';
import type { Forecast } from './forecast.ts';
import type { ProcessState } from './process-state.ts';
import type { Point, Status } from './status.ts';
import type { TextOptions } from './types.ts';

/** The page `status` prints. */
export function renderStatus(status: Status, options: TextOptions = {}): string {
  const paint = painter(options.colour);
  const entries: [string, string][] = [
    ['run', status.last.some(isImported) ? `${status.run}: ${IMPORTED_TEXT}` : `${status.run} on branch ${status.branch}`],
    ['state', stateText(status.state)],
    ['opened', formatTime(status.openedAt)],
    ['experiments', experimentsText(status)],
    ...agentsEntry(status),
    ...planEntry(status),
    ...(status.late === null ? [] : [['late gains', lateGainsText(status.late)] satisfies [string, string]]),
    ...reviewEntry(status),
    ...(status.lost === null ? [] : [['lost', status.lost] satisfies [string, string]]),
    ['last keep', sinceText(status)],
    ['objective', `${status.objective.label}, ${wordFor(status.objective.direction)}`],
    ...(status.trust === null ? [] : [['number', TRUST_LEVELS[status.trust]] satisfies [string, string]]),
    ['baseline', pointText(status.baseline, status)],
    ['incumbent', pointText(status.incumbent, status)],
    ['gain', gainText(status)],
    ...honestEntries(status),
    ['time', usedText(formatSeconds(status.used.seconds), status.left.seconds, formatSeconds)],
    ['cost', usedText(formatUsd(status.used.usd), status.left.usd, formatUsd)],
    ['pace', status.perHour === null ? '–' : `${status.perHour.toFixed(status.perHour < 10 ? 1 : 0)} experiments an hour`],
    ['forecast', forecastText(status)],
  ];
  const lines = entries.flatMap(([name, text]) => entryLines(name, text, options.width, paint));
  const top = headlineLines(status.headline, options, paint);
  if (status.last.length === 0) return [...top, '', ...lines, ''].join('\n');
  return [...top, '', ...lines, '', renderRows(status.last, status.objective, new Set(status.lastRolledBack), options)].join('\n');
}

const LABEL = 13;
const TONE = { good: 'green', open: 'bold', bad: 'yellow' } as const;

function headlineLines({ tone, result, guards, decide, next }: Headline, { width }: TextOptions, paint: Paint): string[] {
  const entries: [string, string][] = [
    ['guards', guards],
    ['to decide', decide],
    ['next', next],
  ];
  const first = wrap(oneLine(result), width).split('\n');
  return [...first.map((line) => paint(TONE[tone], line)), ...entries.flatMap(([name, text]) => entryLines(name, text, width, paint))];
}

/** A name and its text, which goes on below itself. */
function entryLines(name: string, text: string, width: number | undefined, paint: Paint): string[] {
  const lines = wrap(oneLine(text), width === undefined ? undefined : width - LABEL).split('\n');
  return lines.map((line, index) =>
    `${paint('dim', pad(index === 0 ? name : '', LABEL - 1))} ${width === undefined ? line : truncate(line, width - LABEL)}`.trimEnd(),
  );
}

function stateText(state: ProcessState): string {
  if (state.kind === 'running') {
    const paused = state.paused === undefined ? 'running' : `paused by ${oneLine(state.paused)}, \`autoresearch resume\` goes on`;
    return `${paused} (pid ${state.pid})`;
  }
  if (state.kind === 'interrupted') return 'interrupted; `autoresearch resume` goes on';
  return `stopped: ${oneLine(state.reason.text)} (${state.reason.code})`;
}

function experimentsText({ experiments, budget }: Status): string {
  const of = budget.experiments === undefined ? '' : ` of ${budget.experiments}`;
  const { keep, discard, crash, review } = experiments;
  const counts = [`${keep} keep`, `${discard} discard`, `${crash} crash`, `${review} review`].join(', ');
  const undone = experiments.rolledBack > 0 ? `; ${plural(experiments.rolledBack, 'keep')} rolled back` : '';
  const controls = experiments.controls > 0 ? `; ${plural(experiments.controls, 'control')} besides` : '';
  return `${experiments.done}${of}: ${counts}${undone}${controls}`;
}

function agentsEntry({ agents }: Status): [string, string][] {
  if (agents.length < 2) return [];
  return [['agents', agents.map(({ agent, experiments, keeps }) => `${oneLine(agent)} ${experiments} (${keeps} kept)`).join(', ')]];
}

/** Only where more than one experiment may be in flight. */
function planEntry({ plan }: Status): [string, string][] {
  if (plan === null || plan.width * (1 + plan.lookahead) < 2) return [];
  const { width, lookahead, facts } = plan;
  const chosen = `${plural(width, 'slot')} filled, ${plural(lookahead, 'proposal')} ahead for each`;
  if (facts === null) return [['side by side', chosen]];
  const times = `a proposal takes ${formatSeconds(facts.proposal)}, a trial ${formatSeconds(facts.trial)}`;
  return [['side by side', `${chosen}; ${times}; about ${Math.round(facts.keepRate * 100)} % are kept`]];
}

function reviewEntry({ reviews, run }: Status): [string, string][] {
  const text = standingsText(reviews);
  if (text === null) return [];
  return [['review', reviews.waiting + reviews.asked > 0 ? `${text}: autoresearch review ${run}` : text]];
}

function sinceText({ sinceKeep, incumbent }: Status): string {
  if (incumbent === null) return '–';
  return sinceKeep === 0 ? 'the last experiment' : `${plural(sinceKeep, 'experiment')} ago`;
}

function pointText(point: Point | null, status: Status): string {
  if (point === null) return '–';
  return `${formatNumber(point.score, decimalsOf(status))}  #${point.id} ${shortCommit(point.commit)} ${oneLine(point.title)}`;
}

function gainText(status: Status): string {
  if (status.gain === null) return '–';
  const { value, fraction } = status.gain;
  const how = status.drifted ? ', added up keep by keep because of drift' : '';
  return `${formatNumber(value, decimalsOf(status))}${fraction === null ? '' : ` (${formatPercent(fraction)} of the baseline)`} by the scores of the run${how}`;
}

/** What is known beyond the run's own scores; nothing of it where no gate judges against noise and nothing is audited. */
function honestEntries(status: Status): [string, string][] {
  const { noise, belief, claim, lastAudit } = status;
  const decimals = decimalsOf(status);
  const digits = decimalsOfSpread(belief?.sd ?? 0, decimals);
  return [
    ...(noise === null ? [] : [['noise', `sigma ${formatNoise(noise)}`] satisfies [string, string]]),
    // Without doubt it is the score itself.
    ...(belief === null || belief.sd === 0 || isDust(belief.sd, belief.mean)
      ? []
      : [
          ['believed', `${formatNumber(belief.mean, digits)} ± ${formatNumber(belief.sd, digits)}, the incumbent's true score`] satisfies [
            string,
            string,
          ],
        ]),
    ...(lastAudit === null ? [] : [['last audit', auditText(status, decimals)] satisfies [string, string]]),
    ...(claim !== null && claim.to !== lastAudit?.final.id
      ? [['audited', `${claimText(claim, decimals)}, #${claim.to} against #${claim.from}`] satisfies [string, string]]
      : []),
  ];
}

function auditText({ lastAudit, objective }: Status, decimals: number): string {
  if (lastAudit === null) return '–';
  const { claim, raw, final, anchor, rolledBack } = lastAudit;
  if (!isBounded(claim.low, claim.high)) return `${oneLine(lastAudit.text)}, #${final.id} against #${anchor.id}`;
  const found = claimText({ ...gainOf(claim, objective.direction), shown: claim.shown }, decimals);
  const scores = `the raw scores say ${formatNumber(gain(raw, 0, objective.direction), decimals)}`;
  return `${found}; ${scores}, #${final.id} against #${anchor.id}${rolledBack ? `; rolled back to #${rollbackTarget(lastAudit).id}` : ''}`;
}

function decimalsOf(status: Status): number {
  const points = [status.baseline, status.incumbent].flatMap((point) => (point === null ? [] : [{ score: point.score, delta: null }]));
  return decimalsFor([...status.last, ...points, { score: null, delta: status.gain?.value ?? null }]);
}

function usedText(used: string, left: number | undefined, format: (value: number) => string): string {
  return left === undefined ? `${used} used` : `${used} used, ${format(left)} left`;
}

const LIMIT_WORDS = { experiments: 'experiments', seconds: 'time', usd: 'cost' } as const satisfies Record<Forecast['limit'], string>;

function forecastText({ forecast, state }: Status): string {
  if (forecast === null) return state.kind === 'stopped' ? 'none, the run has stopped' : 'none, no limit is set or nothing has run yet';
  const when = forecast.at === null ? 'after resuming' : `(${formatTime(forecast.at)})`;
  const more = forecast.limit === 'experiments' ? '' : `, about ${forecast.experiments} more`;
  return `${LIMIT_WORDS[forecast.limit]} used up in ${formatSeconds(forecast.seconds)} ${when}${more}`;
}
