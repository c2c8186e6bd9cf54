import type { Between } from '../../src/page/compare-model.ts';
import { Diff } from '../detail/diff.tsx';
import { Lines } from './lines.tsx';

interface Props {
  readonly between: Between;
  readonly names: readonly [string, string];
}

/** What the files of the one have that those of the other have not: first the constants, then the whole diff. */
export function BetweenFiles({ between: { knobs, diff, diffLeft }, names }: Props) {
  const [ours, theirs] = names;
  if (diff === '') return <p class="soft">Their files are the same.</p>;
  return (
    <>
      {knobs.length > 0 && <h3>Parameters that differ</h3>}
      {knobs.length > 0 && <Lines label="parameters that differ" names={names} lines={knobs} />}
      <h3>
        From {ours} to {theirs}
      </h3>
      <Diff diff={diff} left={diffLeft} candidate={null} />
    </>
  );
}
