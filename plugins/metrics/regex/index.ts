import { definePlugin, ReasonError } from '../../../src/plugin.ts';
import { toCurve } from './curve.ts';

export default definePlugin({
  kind: 'metric',
  name: 'regex',
  apiVersion: 1,
  description: 'A number in the output of the trial, found by a regular expression.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['pattern'],
    properties: {
      pattern: {
        type: 'string',
        format: 'regex',
        description: 'Its first group is the number; ^ and $ match at line ends. Such as ^val_bpb:\\s+(\\S+)',
      },
      match: {
        type: 'string',
        enum: ['only', 'first', 'last'],
        default: 'only',
        description: 'Which match counts; with `only`, a second match is a crash verdict, so that no number is picked by chance.',
      },
      curve: {
        type: 'string',
        format: 'regex',
        description:
          'Finds the values on the way, for gates that stop a trial early: its first group is the share of the budget used, from 0 to 1, its second the value. Such as ^curve:\\s+(\\S+)\\s+(\\S+)',
      },
    },
  },
  create({ pattern, match, curve }, { label, path }) {
    if (curve !== undefined && groupsOf(curve) < 2)
      throw new Error(`${path}: ${curve} needs two groups, for the share of the budget and for the value`);
    return {
      ...(curve !== undefined && { point: (line: string) => toCurve(pairsIn(line, curve))[0] }),
      async measure({ output, trainerOutput = output }) {
        const printed = await output();
        const found = [...printed.matchAll(new RegExp(pattern, 'gm'))];
        if (found.length === 0)
          throw new ReasonError('METRIC_MISSING', `${label}: the output has no match of ${pattern}; ${endOf(printed)}`);
        if (found.length > 1 && match === 'only') {
          throw new ReasonError(
            'METRIC_DUPLICATE',
            `${label}: the output has ${found.length} matches of ${pattern}, the first two: ${found[0]?.[1]}, ${found[1]?.[1]}; \`match: first\` or \`match: last\` says which counts`,
          );
        }
        const text = (match === 'last' ? found.at(-1) : found[0])?.[1];
        if (text === undefined) throw new ReasonError('METRIC_MISSING', `${label}: ${pattern} has no group to take the number from`);
        const value = toNumber(text, label);
        return curve === undefined ? value : { value, curve: toCurve(pairsIn(await trainerOutput(), curve)) };
      },
    };
  },
});

/** What was printed instead. */
function endOf(printed: string): string {
  const last = printed.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? 'it is empty' : `it ends with: ${last.slice(0, 120)}`;
}

function groupsOf(pattern: string): number {
  // The empty alternative always matches, and a match has a place for every group.
  return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
}

function* pairsIn(output: string, pattern: string): Generator<readonly [number, number]> {
  for (const [, share, value] of output.matchAll(new RegExp(pattern, 'gm'))) {
    if (share && value) yield [Number(share), Number(value)];
  }
}

function toNumber(text: string, label: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new ReasonError('METRIC_NOT_FINITE', `${label}: "${text.slice(0, 80)}" is not a finite number`);
  return value;
}
