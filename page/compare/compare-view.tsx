import type { Between, RunComparison } from '../../src/page/compare-model.ts';
import type { PageHead } from '../../src/page/model.ts';
import type { Other, ViewState } from '../data/address.ts';
import type { Source } from '../data/source.ts';
import { useDetail } from '../detail/use-detail.ts';
import { Choose } from './choose.tsx';
import { CompareExperiments } from './experiments.tsx';
import { CompareRuns } from './runs.tsx';
import { useAnswer } from './use-answer.ts';

interface Props {
  readonly source: Source;
  readonly head: PageHead;
  readonly open: number | null;
  readonly other: Other;
  readonly onChange: (change: Partial<ViewState>) => void;
}

/** Two experiments or two runs side by side, over the whole width. */
export function CompareView({ source, head, open, other, onChange }: Props) {
  const runs = useAnswer<readonly string[]>(() => source.otherRuns(), 'runs');
  const isChosen = other.run === null ? open !== null && other.id !== null : other.id === null || open !== null;
  return (
    <section class="compare-view" aria-label="compare">
      <header>
        <button type="button" class="close" onClick={() => onChange({ compare: null })} aria-label="back to the list" title="back (Esc)">
          ←
        </button>
        <h2>Compare</h2>
        <Choose key={`${open} ${other.run} ${other.id}`} head={head} runs={runs ?? []} open={open} other={other} onChange={onChange} />
      </header>
      <div class="body" tabIndex={0} role="region" aria-label="what is compared">
        {!isChosen && <p class="soft">Choose two experiments{(runs ?? []).length > 0 && ', or another run'}.</p>}
        {isChosen && (other.id === null || open === null) && other.run !== null && <Runs source={source} head={head} run={other.run} />}
        {isChosen && open !== null && other.id !== null && (
          <Experiments source={source} head={head} id={open} run={other.run} other={other.id} />
        )}
      </div>
    </section>
  );
}

function Runs({ source, head, run }: Pick<Props, 'source' | 'head'> & { readonly run: string }) {
  const comparison = useAnswer<RunComparison | null>(() => source.withRun(run), `${run} ${head.total}`);
  if (comparison === undefined) return <p class="soft">Reading …</p>;
  if (comparison === null) return <p class="soft">There is no run {run} here.</p>;
  return <CompareRuns head={head} comparison={comparison} />;
}

interface TwoProps extends Pick<Props, 'source' | 'head'> {
  readonly id: number;
  readonly run: string | null;
  readonly other: number;
}

function Experiments({ source, head, id, run, other }: TwoProps) {
  const left = useDetail(source, id);
  const right = useDetail(source, other, undefined, run);
  const between = useAnswer<Between | null>(() => source.between(id, { run, id: other }), `${id} ${run} ${other}`);
  if (left === undefined || right === undefined) return <p class="soft">Reading …</p>;
  const names = [`#${id}`, run === null ? `#${other}` : `${run} #${other}`] as const;
  if (left === null || right === null) return <p class="soft">There are no details of {left === null ? names[0] : names[1]} here.</p>;
  return <CompareExperiments details={[left, right]} names={names} head={head} between={between ?? null} />;
}
