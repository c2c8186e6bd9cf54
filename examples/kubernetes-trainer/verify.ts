import type { Preflight } from 'autoresearch/plugin';
import { messageOf } from './cluster.ts';
import type { Parts } from './engine.ts';
import { jobOf } from './job.ts';

/** Looks whether the cluster would take a job, without one being made, and whether the folder can be written. */
export async function verifyCluster({ options, cluster, volume }: Parts, preflight: Preflight): Promise<void> {
  await volume
    .install()
    .catch((error: unknown) =>
      preflight.problem('KUBERNETES_FOLDER', `${options.folder}: ${messageOf(error)}`, 'mount the volume of the claim on this machine too'),
    );
  const probe = { key: 'autoresearch-check', title: 'autoresearch-check', name: 'job.check', timeoutSeconds: 60 };
  try {
    await cluster.create(jobOf(options, probe), { dryRun: 'All' });
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'KUBERNETES_REFUSED') {
      preflight.problem('KUBERNETES_REFUSED', messageOf(error), `see kubectl auth can-i create jobs -n ${cluster.namespace}`);
    } else {
      preflight.problem('KUBERNETES_UNREACHABLE', messageOf(error), 'see what kubectl get jobs says with the same kubeconfig and context');
    }
    return;
  }
  await cluster.hasClaim(options.claim).then(
    (isThere) => {
      if (isThere) return;
      const where = `the namespace ${cluster.namespace} has no claim ${options.claim}`;
      preflight.problem('KUBERNETES_CLAIM', where, 'see kubectl get persistentvolumeclaims');
    },
    // Not everybody who may make jobs may read claims.
    (error: unknown) => preflight.warning(`whether the claim ${options.claim} exists could not be seen: ${messageOf(error)}`),
  );
}
