/** Which options belong together; throws where the config's do not. */
export interface GuardOptions {
  readonly test: 'hard-limit' | 'ni-paired-binary' | 'ni-mean' | 'ni-quantile' | 'no-new-failures';
  readonly max?: number;
  readonly min?: number;
  readonly margin?: number;
  readonly worse?: 'higher' | 'lower';
  readonly critical?: readonly string[];
  readonly criticalFile?: string;
}

export function checkOptions({ test, max, min, margin, worse, critical, criticalFile }: GuardOptions, path: string): void {
  const isCompared = test.startsWith('ni-');
  if (test === 'hard-limit' && max === undefined && min === undefined)
    throw new Error(`${path} has neither max nor min, so it guards nothing`);
  if (isCompared && margin === undefined) throw new Error(`${path}: ${test} needs a margin, the worsening that is to be ruled out`);
  if (isCompared && worse === undefined) throw new Error(`${path}: ${test} needs to know what is worse, higher or lower`);
  if (!isCompared && margin !== undefined) throw new Error(`${path}: a margin belongs to one of the ni- tests, not to ${test}`);
  if (test === 'ni-quantile' && margin !== undefined && margin <= 1)
    throw new Error(`${path}: the margin of ni-quantile is a ratio above 1, such as 1.1 for 10 % worse`);
  if (test === 'ni-paired-binary' && margin !== undefined && margin >= 1)
    throw new Error(`${path}: the margin of ni-paired-binary is a rate below 1, such as 0.01`);
  const listed = [critical, criticalFile].filter((list) => list !== undefined).length;
  if (listed > 0 && test !== 'no-new-failures') throw new Error(`${path}: critical items belong to no-new-failures, not to ${test}`);
  if (listed > 1) throw new Error(`${path} has both critical and criticalFile; name one list`);
}
