import type { PageHead } from '../../src/page/model.ts';
import { formatNumber, formatSeconds, formatUsd } from '../../src/views/format.ts';
import type { Live, LiveExperiment } from '../data/live.ts';
import type { Connection } from '../data/source.ts';
import { clock, localTime, progressText, score } from './format.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly head: PageHead;
  readonly live: Live;
  readonly connection: Connection;
  readonly canAct: boolean;
  readonly onAct: (action: 'steer' | 'pause' | 'resume' | 'stop') => void;
}

/** The bar at the top: whether the run is alive, its stage, the best score, what is spent, how long it will take. */
export function Bar({ head, live, connection, canAct, onAct }: Props) {
  const { state, run } = head;
  const isAlive = state.kind === 'running' || state.kind === 'paused';
  return (
    <header class="bar">
      <p class="run">
        <span class="soft">autoresearch</span> <b>{run}</b>
      </p>
      <State head={head} connection={connection} />
      {isAlive && connection !== 'file' && <Stage live={live} isPaused={state.kind === 'paused'} />}
      <Best head={head} />
      <Figure name="spent">{spentText(head)}</Figure>
      <Figure name="experiments">{isAlive ? progressText(head) : String(head.used.experiments)}</Figure>
      {canAct && isAlive && (
        <p class="acts">
          <button type="button" onClick={() => onAct('steer')} title="a hint for the next proposal (s)">
            Steer
          </button>
          {state.kind === 'paused' ? (
            <button type="button" onClick={() => onAct('resume')} title="go on (p)">
              Resume
            </button>
          ) : (
            <button type="button" onClick={() => onAct('pause')} title="pause after this experiment (p)">
              Pause
            </button>
          )}
          <button type="button" class="stop" onClick={() => onAct('stop')} title="end after this experiment">
            Stop
          </button>
        </p>
      )}
    </header>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <p class="figure">
      <span class="soft">{name}</span> <b>{children}</b>
    </p>
  );
}

const LOST = { lost: 'no connection, trying again', ended: 'not allowed any more: open the link that `autoresearch ui` prints' } as const;

function State({ head: { state, at }, connection }: { readonly head: PageHead; readonly connection: Connection }) {
  const isLost = connection === 'lost' || connection === 'ended';
  const word = isLost ? LOST[connection] : state.kind;
  return (
    <p class={`state ${isLost ? 'lost' : state.kind}`} role="status">
      <i aria-hidden="true">{isLost ? '!' : { running: '▶', paused: '❚❚', stopped: '■', interrupted: '!' }[state.kind]}</i> {word}
      {connection === 'file' && state.kind === 'running' && <span class="soft"> when this was written, {localTime(at)}</span>}
      {state.kind === 'stopped' && !isLost && (
        <span class="soft why" title={state.reason.code}>
          : {state.reason.text}
        </span>
      )}
    </p>
  );
}

const STAGES = {
  propose: 'asks the agent',
  wait: 'waits for the service',
  screen: 'looks at the change',
  train: 'runs the trial',
  evaluate: 'evaluates',
  measure: 'reads the metrics',
  judge: 'judges',
} as const satisfies Record<LiveExperiment['stage'], string>;

function Stage({ live, isPaused }: { readonly live: Live; readonly isPaused: boolean }) {
  const now = useNow();
  const current = live.experiments.at(-1);
  if (current === undefined) return <p class="stage soft">{isPaused ? 'works on nothing' : 'between experiments'}</p>;
  const more = live.experiments.length - 1;
  const trial = current.stage === 'train' ? current.trial : null;
  const share = trial === null || now === 0 ? 0 : (now - Date.parse(trial.startedAt)) / 1000 / trial.timeoutSeconds;
  return (
    <p class="stage">
      <b>#{current.id}</b> {current.subject === 'audit' && 'audit: '}
      {STAGES[current.stage]}{' '}
      <time class="clock">{now === 0 ? '' : clock((now - Date.parse(trial?.startedAt ?? current.since)) / 1000)}</time>
      {trial !== null && <span class="soft"> of {formatSeconds(trial.timeoutSeconds)}</span>}
      {trial !== null && <progress max={1} value={Math.min(1, share)} aria-label="time of the trial" />}
      {more > 0 && <span class="soft"> and {more} more</span>}
    </p>
  );
}

function Best({ head }: { readonly head: PageHead }) {
  const { baseline, incumbent, belief, decimals, digits, objective } = head;
  const isMoved = baseline !== null && incumbent !== null && baseline.id !== incumbent.id;
  return (
    <p class="figure best">
      <span class="soft">{objective.label}</span> {isMoved && <span class="soft">{score(baseline.score, decimals)} → </span>}
      <b>{score(incumbent?.score, decimals)}</b>
      {belief !== null && (
        <span class="soft" title="what the gates believe of its true score, ± two standard deviations">
          {' '}
          ± {formatNumber(2 * belief.sd, digits)}
        </span>
      )}
    </p>
  );
}

/** Where no agent says what it costs, nothing is known: that is not zero. */
function spentText({ used, budget, isCostKnown }: PageHead): string {
  if (!isCostKnown && budget.usd === undefined) return formatSeconds(used.seconds);
  const spent = isCostKnown || used.usd > 0 ? formatUsd(used.usd) : 'unknown';
  return budget.usd === undefined ? spent : `${spent} of ${formatUsd(budget.usd)}`;
}
