import { join } from 'node:path';
import { definePlugin, readPlainFile, ReasonError, type Curve } from '../../../src/plugin.ts';
import { toCurve } from '../regex/curve.ts';

export default definePlugin({
  kind: 'metric',
  name: 'json',
  apiVersion: 1,
  description: 'A number in a JSON file the trial writes, or in its output, by JSON Pointer.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['pointer'],
    properties: {
      file: {
        type: 'string',
        description:
          'Relative to the project folder; name it under `workspace.outputs` too. Without it, the last line of output that is a JSON object is read.',
      },
      pointer: { type: 'string', pattern: '^(/|$)', description: 'Where the number stands, such as /eval/accuracy (RFC 6901).' },
      curve: {
        type: 'string',
        pattern: '^(/|$)',
        description:
          'Where a list of the values on the way stands, for gates that stop a trial early: pairs of the share of the budget used, from 0 to 1, and the value.',
      },
    },
  },
  create: ({ file, pointer, curve }, { label }) => ({
    async measure({ cwd, output }) {
      const place = file ?? 'the output';
      const text = file === undefined ? lastObject(await output()) : await readPlainFile(join(cwd, file));
      if (text === null)
        throw new ReasonError(
          'METRIC_MISSING',
          `${label}: ${file === undefined ? 'the output has no line with a JSON object' : `the trial wrote no ${file}`}`,
        );
      const document = parse(text, place, label);
      const value = lookUp(document, pointer);
      if (value === undefined) throw new ReasonError('METRIC_MISSING', `${label}: ${place} has nothing at ${pointer}`);
      if (typeof value !== 'number') {
        throw new ReasonError(
          'METRIC_NOT_FINITE',
          `${label}: ${place} has ${JSON.stringify(value).slice(0, 80)} at ${pointer}, not a number`,
        );
      }
      return curve === undefined ? value : { value, curve: curveIn(lookUp(document, curve)) };
    },
  }),
});

function parse(text: string, place: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ReasonError('METRIC_MISSING', `${label}: ${place} is not JSON`);
  }
}

function lastObject(output: string): string | null {
  return output.split('\n').findLast((line) => line.startsWith('{') && line.trimEnd().endsWith('}')) ?? null;
}

function curveIn(list: unknown): Curve {
  const rows: readonly unknown[] = Array.isArray(list) ? list : [];
  return toCurve(
    rows.flatMap((row) =>
      Array.isArray(row) && typeof row[0] === 'number' && typeof row[1] === 'number' ? [[row[0], row[1]] as const] : [],
    ),
  );
}

function lookUp(document: unknown, pointer: string): unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = document;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
