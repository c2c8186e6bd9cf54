import { posix } from 'node:path';
import type { V1Job, V1PodSpec } from '@kubernetes/client-node';
import type { TrialOfJob } from 'autoresearch/plugin';
import type { KubernetesOptions } from './options.ts';

/** Where pods see the folder of jobs. */
const ROOT = '/autoresearch';
/** For the pod to start and to bring its results: counted from the creation of the job, by Kubernetes. */
const MARGIN_SECONDS = 600;
export const KEY_LABEL = 'autoresearch/key';

export interface Submission {
  readonly key: string;
  readonly title: string;
  readonly trial?: TrialOfJob | undefined;
  /** The name of the job's folder. */
  readonly name: string;
  readonly timeoutSeconds: number;
}

/** One job with one pod, which runs `worker.sh` once. */
export function jobOf(options: KubernetesOptions, submission: Submission): V1Job {
  const { key, title, trial, timeoutSeconds } = submission;
  const labels = { 'app.kubernetes.io/managed-by': 'autoresearch', [KEY_LABEL]: key, ...labelsOf(trial) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: key, labels, annotations: { 'autoresearch/title': title } },
    spec: {
      // A trial that is lost is tried again by autoresearch, under another key.
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      // The last resort: the worker keeps the timeout, which counts from the start of the program, and the lease.
      activeDeadlineSeconds: options.pendingSeconds + timeoutSeconds + MARGIN_SECONDS,
      ttlSecondsAfterFinished: options.keepSeconds,
      template: { metadata: { labels }, spec: podOf(options, submission) },
    },
  };
}

function podOf(options: KubernetesOptions, { key, name }: Submission): V1PodSpec {
  const { image, claim, resources, nodeSelector, tolerations, priorityClass, imagePullSecrets } = options;
  const user = options.user ?? process.getuid?.() ?? 1000;
  const mount = (path: string, readOnly: boolean) => ({
    name: 'jobs',
    mountPath: `${ROOT}/${path}`,
    subPath: posix.join(options.subPath, path),
    readOnly,
  });
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // As the first process of its container a shell does not end at SIGTERM.
    terminationGracePeriodSeconds: 10,
    securityContext: {
      runAsUser: user,
      runAsGroup: options.group ?? process.getgid?.() ?? 1000,
      ...(user !== 0 && { runAsNonRoot: true }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    nodeSelector,
    tolerations: [...tolerations] as V1PodSpec['tolerations'] & object,
    ...(priorityClass !== undefined && { priorityClassName: priorityClass }),
    imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
    volumes: [{ name: 'jobs', persistentVolumeClaim: { claimName: claim } }],
    containers: [
      {
        name: 'trial',
        image,
        command: ['sh', `${ROOT}/worker.sh`, 'run', key],
        // A user whom the image does not know would have `/`.
        env: [{ name: 'HOME', value: '/tmp' }],
        resources,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        // Of the volume it sees its own folder only.
        volumeMounts: [mount(name, false), mount(`jobs/${key}`, true), mount('worker.sh', true)],
      },
    ],
  };
}

function labelsOf(trial: TrialOfJob | undefined): Record<string, string> {
  if (trial === undefined) return {};
  const { run, experiment, index, attempt } = trial;
  const values = { run: labelValue(run), experiment, trial: index, attempt };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`autoresearch/${name}`, String(value)]));
}

/** At most 63 of the characters that labels may have, with a letter or a digit at both ends. */
function labelValue(text: string): string {
  return text
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, '');
}
