import { simpleGit, type SimpleGit, type SimpleGitProgressEvent } from 'simple-git';

/** How long nothing may come from a remote. */
const QUIET_MS = 120_000;

export interface RemoteOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long nothing may come from the remote, in milliseconds; two minutes where it is not given. */
  readonly quietMs?: number | undefined;
  /** Told while objects travel: `receiving 40 %`. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** What a person's own environment may hold: simple-git would refuse to work where one of these is set. */
const AS_THE_PERSON_HAS_IT = {
  allowUnsafeSshCommand: true,
  allowUnsafeAskPass: true,
  allowUnsafeEditor: true,
  allowUnsafePager: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeGitProxy: true,
  allowUnsafeTemplateDir: true,
  // Settings of git that are given in variables, as in CI: GIT_CONFIG_COUNT and what belongs to it.
  allowUnsafeCredentialHelper: true,
  allowUnsafeUrlRewrite: true,
  allowUnsafeInclude: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeAlias: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFilter: true,
  allowUnsafeMergeDriver: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeSubmodule: true,
};

/** Variables that point git at another repository or index than the one it is started in. */
const OF_A_REPOSITORY = /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX)$/;

/** Speaks with remotes as the person's own git does, with their keys and helpers; it never asks anything at a terminal. */
export function openRemote(dir: string, { signal, quietMs = QUIET_MS, onProgress }: RemoteOptions = {}): SimpleGit {
  const env = environment();
  const progress = ({ stage, progress: share }: SimpleGitProgressEvent) => onProgress?.(`${stage} ${share} %`);
  const git = simpleGit({
    baseDir: dir,
    timeout: { block: quietMs },
    unsafe: AS_THE_PERSON_HAS_IT,
    allowEnvironment: Object.keys(env),
    ...(signal && { abort: signal }),
    // Always: a remote that packs a large repository for minutes says nothing else meanwhile, and would pass for one that is gone.
    progress,
  });
  return git.env(env);
}

function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined && !OF_A_REPOSITORY.test(name)) env[name] = value;
  // Without a terminal a password cannot be typed, and neither can a yes to an unknown host.
  const silent = env['SSH_ASKPASS'] === undefined ? { SSH_ASKPASS: 'false', SSH_ASKPASS_REQUIRE: 'force' } : {};
  return { ...env, ...silent, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}
