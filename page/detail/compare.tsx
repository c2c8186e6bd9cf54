import type { PageDetail } from '../../src/page/detail-model.ts';
import type { PageHead } from '../../src/page/model.ts';
import { formatSeconds } from '../../src/views/format.ts';
import { delta, score, significant } from '../parts/format.ts';
import { Curves } from './curves.tsx';
import { Diff } from './diff.tsx';

interface Props {
  readonly left: PageDetail;
  readonly right: PageDetail;
  readonly head: PageHead;
}

type Line = readonly [name: string, left: string, right: string];

/** Two experiments side by side; what differs is marked. */
export function Compare({ left, right, head }: Props) {
  const both = [left, right] as const;
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="comparison">
        <table class="compare">
          <thead>
            <tr>
              <th>
                <span class="unseen">what</span>
              </th>
              {both.map(({ row, title }) => (
                <th key={row.id}>
                  #{row.id} {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {linesOf(left, right, head).map(([name, a, b]) => (
              <tr key={name} class={a === b ? '' : 'differs'}>
                <th scope="row">{name}</th>
                <td>{a}</td>
                <td>{b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Curves curves={left.curves} others={right.curves} otherName={`#${right.row.id}`} />
      {both.map((detail) => (
        <div key={detail.row.id}>
          <h2>#{detail.row.id}</h2>
          <Diff diff={detail.diff} left={detail.diffLeft} candidate={detail.candidate} />
        </div>
      ))}
    </>
  );
}

function linesOf(left: PageDetail, right: PageDetail, { decimals, objective }: PageHead): Line[] {
  const of = (name: string, text: (detail: PageDetail) => string): Line => [name, text(left), text(right)];
  const names = (list: (detail: PageDetail) => object): string[] => [...new Set([left, right].flatMap((one) => Object.keys(list(one))))];
  return [
    of('verdict', ({ row, reason }) => `${row.verdict}: ${reason.text}`),
    of(objective.label, ({ row }) => score(row.score, decimals)),
    of('change', ({ row }) => delta(row.delta, decimals) || '–'),
    of('estimate', ({ estimate }) => estimate || '–'),
    of('trials', ({ trials }) => String(trials.length)),
    ...names(({ metrics }) => metrics).map((name) => of(name, ({ metrics }) => significant(metrics[name]))),
    ...names(({ params }) => params).map((name) => of(name, ({ params }) => String(params[name] ?? '–'))),
    of('hypothesis', ({ hypothesis }) => hypothesis || '–'),
    of('risks', ({ risks }) => risks.join(' · ') || '–'),
    of('files', ({ changes }) => changes.map(({ path }) => path).join(', ') || '–'),
    of('agent', ({ row }) => row.agent),
    of('time', ({ row }) => formatSeconds(row.seconds)),
  ];
}
