/** The options that all remote trainers share. */
export interface RemoteOptions {
  /** The program and its arguments, as the worker finds them. */
  readonly run: readonly string[];
  /** Names of variables, besides AUTORESEARCH_*, that it gets. */
  readonly env: readonly string[];
  /** Files it brings back, relative to the project's folder. */
  readonly outputs: readonly string[];
  readonly maxResultsMb: number;
  readonly sandbox: 'auto' | 'required' | 'off';
  readonly network: boolean;
  /** Paths on the worker that a trial reads though the sandbox hides what is around them. */
  readonly readable: readonly string[];
  /** A job ends by itself when nobody has asked for it for this many seconds. */
  readonly leaseSeconds: number;
  /** Seconds between two polls of a running job. */
  readonly pollSeconds: number;
  /** Seconds that a job may wait to be started. */
  readonly pendingSeconds: number;
  /** How often a trial that was lost with its machine is tried again. */
  readonly retries: number;
}

/** The schema of these options, to be merged into a plugin's. */
export const REMOTE_OPTIONS = {
  run: {
    type: 'array',
    items: { type: 'string' },
    minItems: 1,
    description: 'The program and its arguments, as the worker finds them. No shell is involved.',
  },
  env: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: 'Names of environment variables of this machine that it gets there, besides AUTORESEARCH_*.',
  },
  outputs: {
    type: 'array',
    items: { type: 'string', pattern: '^[^/\\n][^\\n]*$' },
    default: [],
    description: 'Files that are brought back, such as metrics.json; name them under workspace.outputs too.',
  },
  maxResultsMb: { type: 'number', exclusiveMinimum: 0, default: 64, description: 'MiB that these files may have together.' },
  sandbox: {
    enum: ['auto', 'required', 'off'],
    default: 'auto',
    description: 'bwrap on the worker: where it works, always (else no trial runs), or never.',
  },
  network: { type: 'boolean', default: false, description: 'May a trial use the network, where a sandbox decides it?' },
  readable: {
    type: 'array',
    items: { type: 'string', pattern: '^/[^\\s]+$' },
    default: [],
    description:
      'Absolute paths in the home folder or in /tmp of the worker that trials read, such as data or a Python environment; the sandbox hides the rest of these. The environment whose bin the program of run is in is shown anyway.',
  },
  leaseSeconds: {
    type: 'integer',
    minimum: 20,
    default: 120,
    description: 'A job ends by itself when it was not asked for during so many seconds.',
  },
  pollSeconds: { type: 'number', minimum: 0.1, default: 2, description: 'Seconds between two looks at a running job.' },
  pendingSeconds: { type: 'integer', minimum: 1, default: 86_400, description: 'Seconds that a job may wait to be started.' },
  retries: {
    type: 'integer',
    minimum: 0,
    default: 2,
    description: 'How often a trial is tried again that was lost by no fault of its own, such as with its machine.',
  },
} as const;
