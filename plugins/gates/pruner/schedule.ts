import picomatch from 'picomatch';
import type { CommittedExperiment, ScoredExperiment } from '../../../src/plugin.ts';

/** Names the part of the schedule that a candidate changes, by its title, parameters and paths; null if it changes none. */
export function createScheduleCheck(names: readonly string[], paths: readonly string[]) {
  const isName = names.length > 0 ? new RegExp(`(^|-)(${names.map(toExpression).join('|')})(-|$)`) : null;
  const isPath = paths.length > 0 ? picomatch([...paths], { dot: true }) : null;
  return ({ proposal, changes }: CommittedExperiment | ScoredExperiment): string | null => {
    const named = [...Object.keys(proposal.params ?? {}), proposal.title].find((text) => isName?.test(toWords(text)));
    return named ?? changes.find(({ path }) => isPath?.(path))?.path ?? null;
  };
}

/** `WARMUP_STEPS`, `warmupSteps` and `warmup steps` are all `warmup-steps`. */
function toWords(text: string): string {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-');
}

function toExpression(name: string): string {
  return name.split('*').map(toWords).join('[a-z\\d]*');
}
