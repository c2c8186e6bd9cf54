import { join } from 'node:path';
import { definePlugin, readPlainFile, ReasonError, type Measured } from '../../../src/plugin.ts';
import { mean, quantile } from '../../../src/stats.ts';
import { formatOf, readRows } from './rows.ts';
import { toItems } from './to-items.ts';

const REDUCERS = {
  mean,
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  p50: (values: readonly number[]) => quantile(values, 0.5),
  p95: (values: readonly number[]) => quantile(values, 0.95),
  p99: (values: readonly number[]) => quantile(values, 0.99),
  min: (values: readonly number[]) => quantile(values, 0),
  max: (values: readonly number[]) => quantile(values, 1),
} as const;

export default definePlugin({
  kind: 'metric',
  name: 'items',
  apiVersion: 1,
  description: 'One value for each of many things, such as documents or requests, from a file the trial writes.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description:
          'JSON Lines (.jsonl, .ndjson) or CSV with a header (.csv), relative to the project folder; name it under `workspace.outputs` too.',
      },
      format: { type: 'string', enum: ['jsonl', 'csv'], description: 'How the file is written. Default: as its name ends.' },
      id: { type: 'string', default: 'id', description: 'The column with the name of the thing: the same in every trial, and there once.' },
      value: { type: 'string', default: 'value', description: 'The column with the value: a number, or true and false for 1 and 0.' },
      group: {
        type: 'string',
        default: 'group',
        description: 'The column with the group of the thing, if there is one; gates can watch single groups.',
      },
      reduce: {
        type: 'string',
        enum: ['mean', 'sum', 'p50', 'p95', 'p99', 'min', 'max'],
        default: 'mean',
        description: "What makes the metric's value of them; p95 is the 95th percentile, linear between two values.",
      },
    },
  },
  create({ file, format = formatOf(file), reduce, ...columns }, { label, path }) {
    if (format === undefined) throw new Error(`${path}: ${file} ends neither in .jsonl nor in .csv, so say which with format`);
    return {
      async measure({ cwd }): Promise<Measured> {
        const text = await readPlainFile(join(cwd, file));
        if (text === null) throw new ReasonError('METRIC_MISSING', `${label}: the trial wrote no ${file}`);
        const place = `${label}: ${file}`;
        const items = toItems(readRows(text.replace(/^\uFEFF/, ''), format, place), columns, place);
        if (items.length === 0) throw new ReasonError('METRIC_MISSING', `${place} has no rows`);
        return { value: REDUCERS[reduce](items.map(({ value }) => value)), items };
      },
    };
  },
});
