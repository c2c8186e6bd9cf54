import type { PageDetail } from '../../src/page/detail-model.ts';
import type { PageHead } from '../../src/page/model.ts';
import { delta } from '../parts/format.ts';

interface Props {
  readonly details: readonly PageDetail[];
  readonly names: readonly string[];
  readonly head: PageHead;
}

const WIDTH = 600;

/** The change of each over its incumbent with its 95 % interval, on one scale with none. */
export function Effects({ details, names, head: { digits } }: Props) {
  const effects = details.map(({ row: { delta: change, low, high } }) => ({ change, low, high }));
  const values = [0, ...effects.flatMap(({ change, low, high }) => [change, low, high])].filter((value) => value !== undefined);
  if (values.length < 2) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const place = (value: number): number => 10 + ((WIDTH - 20) * (value - least)) / (most - least || 1);
  return (
    <section>
      <h3>Change over the incumbent, with its 95 % interval</h3>
      <dl class="effects">
        {effects.map(({ change, low, high }, at) => (
          <div key={at}>
            <dt>{names[at]}</dt>
            <dd>
              <svg class="whisker" viewBox={`0 0 ${WIDTH} 20`} width="100%" height="20" preserveAspectRatio="none" aria-hidden="true">
                <line class="none" x1={place(0)} x2={place(0)} y1="0" y2="20" />
                {low !== undefined && high !== undefined && <line class="span" x1={place(low)} x2={place(high)} y1="10" y2="10" />}
                {change !== undefined && <line class="raw" x1={place(change)} x2={place(change)} y1="3" y2="17" />}
              </svg>
              <span>
                {delta(change, digits) || '–'}
                {low !== undefined && high !== undefined && ` (${delta(low, digits)} to ${delta(high, digits)})`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
