import type { V1Job, V1Pod } from '@kubernetes/client-node';

/**
 * What Kubernetes says of a job. An active one has a pod that runs: whether the program does, only its worker knows. One that
 * is refused will never start.
 */
export type Standing =
  | { readonly at: 'waiting' | 'active' | 'over' | 'refused'; readonly detail: string }
  /** The program took more memory than the pod may have. */
  | { readonly at: 'out-of-memory' };

/** Reasons that do not pass by waiting. */
const NEVER = ['InvalidImageName', 'ErrImageNeverPull'];

export function standingOf(job: V1Job | null, pod: V1Pod | undefined): Standing {
  if (job === null && pod === undefined) {
    return { at: 'over', detail: 'Kubernetes has its job no more: somebody deleted it, or it ended long ago' };
  }
  const failed = job?.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (pod === undefined) {
    if (failed !== undefined) return { at: 'over', detail: `its job failed and its pod is gone: ${wordsOf(failed)}` };
    return { at: 'waiting', detail: 'Kubernetes has made no pod for it yet' };
  }
  const container = pod.status?.containerStatuses?.[0]?.state;
  switch (pod.status?.phase) {
    case 'Succeeded':
    case 'Failed': {
      if (container?.terminated?.reason === 'OOMKilled' && disruptionOf(pod) === null) return { at: 'out-of-memory' };
      return { at: 'over', detail: endOf(pod) };
    }
    case 'Running':
      return { at: 'active', detail: disruptionOf(pod) ?? 'its pod runs' };
    case 'Unknown':
      return { at: 'active', detail: `its node ${pod.spec?.nodeName ?? ''} does not answer` };
    default: {
      const waiting = container?.waiting;
      if (NEVER.includes(waiting?.reason ?? '')) return { at: 'refused', detail: wordsOf(waiting) };
      return { at: 'waiting', detail: whyWaiting(pod) };
    }
  }
}

function whyWaiting(pod: V1Pod): string {
  const placed = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (placed?.status === 'False') return wordsOf(placed);
  return wordsOf(pod.status?.containerStatuses?.[0]?.state?.waiting) || 'its pod is pending';
}

/** It was evicted or preempted, or its node was drained or lost. */
function disruptionOf({ status }: V1Pod): string | null {
  const target = status?.conditions?.find((each) => each.type === 'DisruptionTarget' && each.status === 'True');
  if (target !== undefined) return wordsOf(target);
  // Set by the kubelet itself, such as Evicted, NodeLost, Terminated.
  return status?.reason === undefined ? null : wordsOf(status);
}

function endOf(pod: V1Pod): string {
  const disruption = disruptionOf(pod);
  if (disruption !== null) return `its pod was taken away: ${disruption}`;
  const end = pod.status?.containerStatuses?.[0]?.state?.terminated;
  return `its pod ended as ${pod.status?.phase}${end === undefined ? '' : ` (exit code ${end.exitCode})`}, and its worker has not said how`;
}

function wordsOf(said: { readonly reason?: string; readonly message?: string } | undefined): string {
  return [said?.reason, said?.message]
    .filter((text) => text !== undefined && text !== '')
    .join(': ')
    .slice(0, 300);
}
