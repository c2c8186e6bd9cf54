import { definePlugin, type GateResult, type ScoredExperiment } from 'autoresearch/plugin';

export default definePlugin({
  kind: 'gate',
  name: 'approval',
  apiVersion: 1,
  description: 'Asks a human: parks a change that every other gate would let through, and the run goes on without it.',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      paths: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', minLength: 1, description: 'A file, or a folder with all it holds.' },
        description: 'Ask when the change touches one of these files or folders, relative to the project.',
      },
      pGain: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Ask when the probability of a gain is below this, or when no gate before this one gives one.',
      },
      lines: { type: 'integer', minimum: 0, description: 'Ask when the change adds and removes more lines than this.' },
    },
  },
  create: ({ paths = [], pGain, lines }) => ({
    judge(experiment: ScoredExperiment): GateResult {
      const found = { paths: touched(experiment, paths), pGain: chanceOf(experiment), lines: linesOf(experiment) };
      const isAlways = paths.length === 0 && pGain === undefined && lines === undefined;
      const because = [
        ...(isAlways ? ['every change is a human’s to approve'] : []),
        ...(found.paths.length > 0 ? [`it touches ${found.paths.join(', ')}`] : []),
        ...(pGain !== undefined && (found.pGain ?? 0) < pGain ? [`${chanceText(found.pGain)}, and ${pGain} needs no human`] : []),
        ...(lines !== undefined && found.lines > lines ? [`it changes ${found.lines} lines, and ${lines} need no human`] : []),
      ];
      const evidence = { asks: { paths: [...paths], pGain: pGain ?? null, lines: lines ?? null }, found };
      if (because.length > 0) return { outcome: 'review', code: 'NEEDS_APPROVAL', reason: because.join('; '), evidence };
      return { outcome: 'pass', code: 'NO_APPROVAL_NEEDED', reason: 'nothing in it asks for a human', evidence };
    },
  }),
});

function touched({ changes }: ScoredExperiment, paths: readonly string[]): string[] {
  const isBelow = (path: string, asked: string) => path === asked || path.startsWith(asked.endsWith('/') ? asked : `${asked}/`);
  return changes.map(({ path }) => path).filter((path) => paths.some((asked) => isBelow(path, asked)));
}

/** What the gates before this one believe; null where none says. */
function chanceOf({ judgements }: ScoredExperiment): number | null {
  return judgements.findLast(({ estimate }) => estimate)?.estimate?.pGain ?? null;
}

function chanceText(chance: number | null): string {
  return chance === null ? 'no gate before this one gives a probability of a gain' : `a gain with probability ${chance.toPrecision(2)}`;
}

function linesOf({ diff }: ScoredExperiment): number {
  return (diff?.added ?? 0) + (diff?.removed ?? 0);
}
