import type { PageDetail } from '../../src/page/detail-model.ts';
import { formatPercent } from '../../src/views/format.ts';
import { delta } from '../parts/format.ts';

/** Why it was tried, and what was predicted against what was measured. */
export function Words({ detail, decimals }: { readonly detail: PageDetail; readonly decimals: number }) {
  return (
    <>
      <Expected detail={detail} decimals={decimals} />
      <Prose title="Hypothesis" text={detail.hypothesis} />
      <Prose title="Rationale" text={detail.rationale} />
      <Bullets title="Risks" items={detail.risks} />
      <Bullets title="Hints it was given" items={detail.hints} />
    </>
  );
}

function Expected({ detail: { expected, estimate, belief, row }, decimals }: { readonly detail: PageDetail; readonly decimals: number }) {
  const rows: readonly (readonly [string, string])[] = [
    ['predicted', expectedText(expected, decimals)],
    ['measured', row.delta === undefined ? 'nothing could be compared' : `a change of ${delta(row.delta, decimals)}`],
    ['estimated', estimate.replaceAll(/(?<!\w)-(?=\d)/g, '−')],
    ['believed', belief],
  ];
  return (
    <section>
      <h3>Predicted and measured</h3>
      <dl class="facts">
        {rows.map(
          ([name, text]) =>
            text !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function expectedText(expected: PageDetail['expected'], decimals: number): string {
  if (expected === null || (expected.delta === undefined && expected.confidence === undefined)) return 'the agent predicted nothing';
  const change = expected.delta === undefined ? 'a better score' : `a change of ${delta(expected.delta, decimals)}`;
  return expected.confidence === undefined ? change : `${change}, ${formatPercent(expected.confidence).replace(/\.\d+/, '')} sure`;
}

function Prose({ title, text }: { readonly title: string; readonly text: string }) {
  if (text.trim() === '') return null;
  return (
    <section>
      <h3>{title}</h3>
      {text
        .trim()
        .split(/\n+/)
        .map((paragraph, at) => (
          <p key={at}>{paragraph}</p>
        ))}
    </section>
  );
}

function Bullets({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {items.map((item, at) => (
          <li key={at}>{item}</li>
        ))}
      </ul>
    </section>
  );
}
