import type { NodeId, SwarmExperiment } from './model.ts';
import type { SwarmUnion } from './union.ts';

/** A node's last experiment that has trials. */
export function lastMeasured({ ledgers }: Pick<SwarmUnion, 'ledgers'>, node: NodeId): SwarmExperiment | undefined {
  return ledgers.get(node)?.experiments.findLast(({ n }) => n > 0);
}

/** The class of hardware that its trials run on. */
export function hardwareOf(union: Pick<SwarmUnion, 'ledgers'>, node: NodeId): string {
  return lastMeasured(union, node)?.hardware ?? '';
}
