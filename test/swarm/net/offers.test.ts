/** What a node is offered of others, over real ledgers. */
import { expect, it } from 'vitest';
import { openSwarmNode } from './open.ts';
import { makeWorld, type TestNode } from './world.ts';

function commitOn(node: TestNode, parent: string, file: string): string {
  node.repo.git('checkout', '-q', '--detach', parent);
  node.repo.write(file, 'changed\n');
  node.repo.git('add', file);
  node.repo.git('commit', '-q', '-m', file);
  return node.repo.git('rev-parse', 'HEAD').trim();
}

it('is measured against the incumbent of the run, and not against a keep that an audit has taken back', async () => {
  const { opener, add, base } = await makeWorld();
  const undone = commitOn(opener, base, 'mine.txt');
  await opener.write({ verdict: 'keep', candidate: undone, delta: -0.1, score: { value: 0.9, spread: 0.01, n: 3 } });
  const facts = {
    text: 'the gain is gone',
    trials: { final: [], anchor: [] },
    anchor: { id: 0, candidate: base },
    rolledBack: true,
    back: { id: 0, candidate: base },
  };
  await opener.append({ v: 1, kind: 'audit', after: 1, audit: facts } as never);
  const other = await add('b2', 'bob');
  const theirs = commitOn(other, base, 'theirs.txt');
  // So large a gain that it is measured as it is.
  await other.write({ verdict: 'keep', candidate: theirs, delta: -0.5, score: { value: 0.5, spread: 0.01, n: 3 } });
  await other.sync();
  await opener.sync();
  const { node } = await openSwarmNode(opener);
  const offer = await node.next({ incumbent: 0, commit: base });
  expect(offer).toMatchObject({ change: { candidate: theirs, parent: base }, origin: { origin: 'b2#1' } });
  await node.close();
});
