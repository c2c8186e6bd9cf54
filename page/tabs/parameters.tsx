import type { ParameterPath } from '../../src/page/model.ts';
import { significant } from '../parts/format.ts';

const [WIDTH, HEIGHT] = [320, 72];

/** The path of each parameter over the run, and how much its value alone explains of the scores. */
export function ParametersTab({ parameters }: { readonly parameters: readonly ParameterPath[] }) {
  if (parameters.length === 0)
    return <p class="soft">No experiment has changed a named value: neither has an agent named one, nor is there one in a diff.</p>;
  return (
    <>
      <p class="soft">
        Each value that was tried, in the order of the run; kept ones are filled. They are those that agents name, and the named constants
        that diffs change. Importance is the share of the scores’ variance that the value of this parameter alone explains, 0 to 100 %; how
        parameters work together is not seen in it.
      </p>
      <ul class="parameters">
        {parameters.map((parameter) => (
          <li key={parameter.name}>
            <h3>{parameter.name}</h3>
            <p class="importance">
              <meter min={0} max={1} value={parameter.importance ?? 0} aria-label={`importance of ${parameter.name}`} />{' '}
              {parameter.importance === null ? 'too few values' : `${Math.round(parameter.importance * 100)} %`}
            </p>
            <Path parameter={parameter} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Path({ parameter: { name, points } }: { readonly parameter: ParameterPath }) {
  const isNumeric = points.every(([, value]) => typeof value === 'number');
  const names = [...new Set(points.map(([, value]) => String(value)))];
  const levelOf = (value: string | number | boolean): number => (isNumeric ? Number(value) : names.indexOf(String(value)));
  const levels = points.map(([, value]) => levelOf(value));
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  // Values that span powers of ten are tried on such a scale.
  const isLog = isNumeric && low > 0 && high / low > 50;
  const place = (level: number): number => (isLog ? Math.log(level) : level);
  const span = place(high) - place(low) || 1;
  const last = Math.max(1, points.at(-1)?.[0] ?? 1);
  const best = points.findLast(([, , , isKept]) => isKept);
  return (
    <figure>
      <svg
        viewBox={`-6 -6 ${WIDTH + 12} ${HEIGHT + 12}`}
        width="100%"
        role="img"
        aria-label={`${name} in ${points.length} experiments${best === undefined ? '' : `; last kept at ${String(best[1])}`}`}
      >
        <rect class="frame" x="-6" y="-6" width={WIDTH + 12} height={HEIGHT + 12} />
        {points.map(([id, value, , isKept]) => (
          <circle
            key={id}
            class={isKept ? 'best' : 'other'}
            cx={(WIDTH * id) / last}
            cy={HEIGHT * (1 - (place(levelOf(value)) - place(low)) / span)}
            r={isKept ? 4 : 2.5}
          />
        ))}
      </svg>
      <figcaption class="soft">
        {isNumeric ? `${significant(low, 4)} to ${significant(high, 4)}${isLog ? ', log scale' : ''}` : names.slice(0, 8).join(', ')}
        {best !== undefined && `; last kept: ${String(best[1])}`}
      </figcaption>
    </figure>
  );
}
