import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes although they are small: started last, one of them would run alone at the end. */
const SLOW = /\/test\/(attacks|faults|e2e)\//;

/** Vitest starts large files first, where it has no durations from an earlier run; this puts slow ones before them. */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const byProject = Map.groupBy(sorted, ({ project }) => project.name);
    return [...byProject.values()].flatMap((group) => group.toSorted((a, b) => rank(a) - rank(b)));
  }
}

function rank({ moduleId }: TestSpecification): number {
  return SLOW.test(moduleId) ? 0 : 1;
}
