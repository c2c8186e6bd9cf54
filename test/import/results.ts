import { openTestRepo, makeRepo, type TestRepo } from '../helpers/repo.ts';

export const HEADER = 'commit\tval_bpb\tmemory_gb\tstatus\tdescription';

/** A night as another loop logged it: a real gain, a change of the seed that won, luck, a crash, other alphabets. */
const NIGHT: readonly (readonly [value: number | null, status: string, description: string])[] = [
  [0.9979, 'keep', 'baseline'],
  [0.9951, 'keep', 'double the batch → 2¹⁹'],
  [0.9984, 'discard', 'GeLU statt ReLU'],
  [null, 'crash', '深さを倍にする (OOM)'],
  [0.9953, 'discard', 'warmdown 0.5'],
  [1.0102, 'discard', 'no value embeddings'],
  [0.9952, 'discard', 'softcap 20'],
  [0.995, 'keep', 'random seed 42 -> 137'],
  [0.9964, 'discard', 'three heads'],
  [0.9921, 'keep', 'muon for the embeddings'],
  [0.9927, 'discard', 'rotary base 2e5'],
  [0.99208, 'keep', 'weight decay 0.2'],
];

export const ROWS = NIGHT.map(([value, status, description], index) =>
  [
    `${(0xabc000 + index).toString(16)}0`,
    value === null ? '0.000000' : value.toFixed(6),
    value === null ? '0.0' : '44.0',
    status,
    description,
  ].join('\t'),
);

export const logOf = (rows: readonly string[], end = '\n') => [HEADER, ...rows, ''].join(end);

/** A repository whose branch `autoresearch/mar5` has the kept commits of the night; the others are discarded but not gone. */
export function makeNight(end = '\n'): TestRepo {
  const repo = openTestRepo(makeRepo({ 'train.py': 'start\n' }).dir);
  repo.git('checkout', '-q', '-b', 'autoresearch/mar5');
  const rows = NIGHT.map(([, status, description], index) => {
    if (index > 0) {
      repo.write('train.py', `${repo.read('train.py')}${index}\n`);
      repo.commit(description);
    }
    const commit = repo.git('rev-parse', '--short=7', 'HEAD').trim();
    if (status !== 'keep') repo.git('reset', '-q', '--hard', 'HEAD~1');
    return `${commit}\t${ROWS[index]?.split('\t').slice(1).join('\t')}`;
  });
  repo.git('checkout', '-q', 'main');
  repo.write('results.tsv', logOf(rows, end));
  return repo;
}
