import type { PageDetail } from '../../src/page/detail-model.ts';
import type { Between, ComparedLine } from '../../src/page/compare-model.ts';
import type { PageHead } from '../../src/page/model.ts';
import { formatSeconds } from '../../src/views/format.ts';
import { Curves } from '../detail/curves.tsx';
import { Diff } from '../detail/diff.tsx';
import { delta, score, significant } from '../parts/format.ts';
import { BetweenFiles } from './between.tsx';
import { Effects } from './effects.tsx';
import { Lines } from './lines.tsx';

interface Props {
  readonly details: readonly [PageDetail, PageDetail];
  readonly names: readonly [string, string];
  readonly head: PageHead;
  /** Null in a report, which has the diff of each alone. */
  readonly between: Between | null;
}

/** Two experiments side by side. */
export function CompareExperiments({ details, names, head, between }: Props) {
  const [left, right] = details;
  const titles = [`${names[0]} ${left.title}`, `${names[1]} ${right.title}`] as const;
  return (
    <>
      <Lines label="comparison" names={titles} lines={linesOf(left, right, head)} />
      <Effects details={details} names={names} head={head} />
      <Curves curves={left.curves} others={right.curves} otherName={names[1]} />
      {between !== null && <BetweenFiles between={between} names={names} />}
      {between === null &&
        details.map((detail, at) => (
          <div key={names[at]}>
            <h2>{names[at]}</h2>
            <Diff diff={detail.diff} left={detail.diffLeft} candidate={detail.candidate} />
          </div>
        ))}
    </>
  );
}

function linesOf(left: PageDetail, right: PageDetail, { decimals, objective }: PageHead): ComparedLine[] {
  const of = (name: string, text: (detail: PageDetail) => string): ComparedLine => [name, text(left), text(right)];
  const names = (list: (detail: PageDetail) => object): string[] => [...new Set([left, right].flatMap((one) => Object.keys(list(one))))];
  return [
    of('verdict', ({ row, reason }) => `${row.verdict}: ${reason.text}`),
    of(objective.label, ({ row }) => score(row.score, decimals)),
    of('change', ({ row }) => delta(row.delta, decimals) || '–'),
    of('estimate', ({ estimate }) => estimate.replaceAll(/(?<!\w)-(?=\d)/g, '−') || '–'),
    of('trials', ({ trials }) => String(trials.length)),
    ...names(({ metrics }) => metrics)
      .filter((name) => name !== objective.label)
      .map((name) => of(name, ({ metrics }) => significant(metrics[name]))),
    ...names(({ params }) => params).map((name) => of(name, ({ params }) => String(params[name] ?? '–'))),
    of('hypothesis', ({ hypothesis }) => hypothesis || '–'),
    of('risks', ({ risks }) => risks.join(' · ') || '–'),
    of('files', ({ changes }) => changes.map(({ path }) => path).join(', ') || '–'),
    of('agent', ({ row }) => row.agent),
    of('time', ({ row }) => formatSeconds(row.seconds)),
  ];
}
