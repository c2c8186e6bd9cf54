import { definePlugin } from '../../../src/plugin.ts';
import { createGenerator } from '../../../src/stats.ts';
import { drawOrder } from './bandit.ts';
import { costOf } from './cost.ts';
import { createMemory, NOTHING } from './evidence.ts';
import { schema } from './schema.ts';

/** Agents use the experiment's seed too: this keeps our random numbers independent of theirs. */
const STREAM = 0x706f7274;

export default definePlugin({
  kind: 'agent',
  name: 'portfolio',
  apiVersion: 1,
  description: 'Chooses an agent for each experiment by the past gains and costs of several agents.',
  schema,
  members: 'agents',
  create({ halfLife, trialUsd }) {
    const evidenceOf = createMemory(halfLife);
    return {
      order(members, { run, seed }) {
        const byAgent = evidenceOf(run);
        const evidence = members.map((name) => byAgent.get(name) ?? NOTHING);
        const order = drawOrder(evidence, costOf(run.budget, trialUsd), createGenerator(seed, STREAM));
        return order.flatMap((index) => members[index] ?? []);
      },
    };
  },
});
