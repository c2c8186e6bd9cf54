import type { PageTrial } from '../../src/page/detail-model.ts';
import { formatSeconds } from '../../src/views/format.ts';
import { significant } from '../parts/format.ts';

interface Props {
  readonly title: string;
  readonly trials: readonly PageTrial[];
  readonly metrics: readonly string[];
}

export function Trials({ title, trials, metrics }: Props) {
  if (trials.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th class="n">#</th>
              <th class="n">seed</th>
              <th>slot</th>
              <th>exit</th>
              <th class="n">time</th>
              <th class="n">memory</th>
              {metrics.map((name) => (
                <th class="n" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {trials.map((trial) => (
              <tr key={trial.index}>
                <td class="n">{trial.index}</td>
                <td class="n">{trial.seed}</td>
                <td>{trial.slot}</td>
                <td>{exitText(trial)}</td>
                <td class="n">{formatSeconds(trial.seconds)}</td>
                <td class="n">{trial.peakMemoryMb === null ? '–' : `${Math.round(trial.peakMemoryMb)} MiB`}</td>
                {metrics.map((name) => (
                  <td class="n" key={name}>
                    {significant(trial.metrics[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function exitText({ exit, exitCode, signal }: PageTrial): string {
  if (exit !== 'failed') return exit;
  return signal === null ? `failed with code ${exitCode ?? '–'}` : `failed by ${signal}`;
}
