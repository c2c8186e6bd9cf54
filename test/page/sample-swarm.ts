import type { NodeState } from '../../src/swarm/model.ts';
import type { SwarmOverview } from '../../src/swarm/overview.ts';

const node = (id: string, owner: string, more: Partial<NodeState> = {}): NodeState => ({
  id,
  owner,
  isListed: true,
  hardware: ['NVIDIA H100'],
  experiments: 40,
  keeps: 5,
  confirmed: 3,
  missed: 1,
  refuted: 0,
  contradicted: 0,
  weight: 0.9,
  perHour: 11.5,
  problems: [],
  ...more,
});

/** Three nodes of two owners, one of them a guest that was caught. */
export const sampleSwarm: SwarmOverview = {
  run: 'jan31',
  nodes: [
    node('a1', 'Ada'),
    node('b2', 'Ben', { hardware: [], perHour: null }),
    node('c3', 'a stranger', {
      isListed: false,
      weight: 0.2,
      refuted: 4,
      problems: [{ code: 'COPIED', text: '2 of its commits were another node’s before: #3' }],
    }),
  ],
  owners: 3,
  experiments: 120,
  counts: { keep: 15, discard: 90, crash: 12, review: 3 },
  incumbents: [
    { origin: 'a1#17', commit: '1'.repeat(40), hardware: 'NVIDIA H100', effect: -0.012, sd: 0.001, changes: ['a1#4', 'b2#9', 'a1#17'] },
  ],
  claims: { claimed: 4, confirmed: 8, missed: 1, refuted: 2, withdrawn: 0 },
  keeps: [
    {
      origin: 'a1#17',
      owner: 'Ada',
      title: 'wider embedding',
      hardware: 'NVIDIA H100',
      status: 'confirmed',
      effect: -0.004,
      sd: 0.001,
      by: [
        { origin: 'b2#21', owner: 'Ben', supports: true },
        { origin: 'c3#8', owner: 'a stranger', supports: false },
      ],
    },
  ],
  confirmations: [{ of: 'a1', by: 'b2', supported: 3, contradicted: 1 }],
  perHour: 23,
  waiting: 1,
};
