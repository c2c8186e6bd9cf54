/** The simulation of swarms that bench/swarm.ts prints. */
import { expect, it } from 'vitest';
import { simulateSwarm } from '../bench/swarm/simulate.ts';

const share = { nodes: 4, survive: 0.9, from: 0, to: 2, seed: 1 };

it('plays the same nights every time, in which nodes take over what others have found', async () => {
  const [one, again] = [await simulateSwarm({ ...share, talk: true }), await simulateSwarm({ ...share, talk: true })];
  expect(again).toEqual(one);
  expect(one.taken).toBeGreaterThan(0);
  expect(one.gain).toBeGreaterThan(0);
}, 120_000);

it('plays nodes that do not talk, which measure nothing of others', async () => {
  const alone = await simulateSwarm({ ...share, talk: false });
  expect(alone).toMatchObject({ nights: 2, offered: 0, taken: 0 });
  expect(alone.gain).toBeGreaterThan(0);
}, 120_000);
