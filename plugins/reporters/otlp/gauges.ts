import type { RunView, SettledExperiment } from '../../../src/plugin.ts';
import { millis } from '../_delivery/facts.ts';
import { attributes, nanos } from './values.ts';

type Values = readonly (readonly [value: number, more?: Readonly<Record<string, string>>])[];

/** What an experiment adds to the charts: a point for each at the time of its verdict, the same whenever it is sent. */
export function experimentGauges(run: RunView, { metrics, score, verdict, seconds, settledAt, id, proposal }: SettledExperiment) {
  const gauge = (name: string, unit: string, description: string, values: Values) => ({
    name: `autoresearch.${name}`,
    unit,
    description,
    gauge: {
      dataPoints: values.map(([value, more]) => ({
        timeUnixNano: nanos(millis(settledAt)),
        asDouble: value,
        attributes: attributes({ 'autoresearch.run': run.name, ...more }),
      })),
    },
  });
  return [
    gauge('experiment', '1', 'Number of the last experiment.', [[id]]),
    gauge('experiment.duration', 's', 'From the start of the proposal to the verdict.', [[seconds, { 'autoresearch.verdict': verdict }]]),
    gauge(
      'metric',
      '1',
      'Metrics of the last experiment.',
      Object.entries(metrics).map(([name, value]) => [value, { 'autoresearch.metric': name }]),
    ),
    gauge('score', '1', 'Score of the last experiment.', score === null ? [] : [[score.value, { 'autoresearch.verdict': verdict }]]),
    gauge('incumbent', '1', 'Score of the best change that was kept.', verdict === 'keep' && score !== null ? [[score.value]] : []),
    gauge(
      'agent.cost',
      '{USD}',
      'What agents used for the last experiment.',
      proposal.usage?.usd === undefined ? [] : [[proposal.usage.usd]],
    ),
  ].filter(({ gauge: { dataPoints } }) => dataPoints.length > 0);
}
