/** Candidates that are after something else than the number: git, the next trial, the person's files, keys. */
import type { Attack } from './types.ts';

const GIT_DIR = '$(git rev-parse --git-common-dir)';
const PROJECT = '$(readlink -f ../../../..)';

/** Files outside the worktree that only a sandbox keeps a trial from writing to. */
function outside(name: string, script: string): Attack {
  return { name, where: 'candidate', script, expected: { bwrap: 'held', none: 'found' } };
}

function result(name: string, script: string): Attack {
  return {
    name: `leaves ${name} in the place of its result`,
    where: 'candidate',
    script: `${script}; cp value.txt out.txt; exit 0`,
    levels: ['files'],
    lab: { parts: { trainer: { use: 'command', with: { run: ['sh', 'lib/train.sh'] }, timeout: '20s' } } },
    expected: { bwrap: 'found', none: 'found' },
  };
}

export const AROUND_ATTACKS: readonly Attack[] = [
  outside('edits the config in its worktree', 'echo "{}" > autoresearch.config.yaml'),
  outside('adds a git hook', `echo evil > "${GIT_DIR}/hooks/post-commit"; chmod +x "${GIT_DIR}/hooks/post-commit"`),
  outside('changes the config of git', 'git config filter.evil.clean "echo 0"'),
  outside('makes git run a filter', `echo "* filter=evil" > "${GIT_DIR}/info/attributes"`),
  result('a pipe', 'mkfifo metrics.json'),
  result('a link to a device', 'ln -s /dev/zero metrics.json'),
  result('a link to a file', 'ln -s "$PWD/value.txt" metrics.json'),
  result('a folder', 'mkdir metrics.json'),
  {
    name: "edits the person's config",
    where: 'candidate',
    script: `echo "# mine" >> "${PROJECT}/autoresearch.config.yaml"`,
    expected: { bwrap: 'held', none: 'told' },
  },
  {
    name: "moves a branch of the person's",
    where: 'candidate',
    script: `git update-ref refs/heads/main HEAD~0 && git commit-tree -m evil 'HEAD^{tree}' > lib/id 2>/dev/null; git -c user.name=a -c user.email=a@b commit-tree -m evil 'HEAD^{tree}' > lib/id && git update-ref refs/heads/main $(cat lib/id)`,
    expected: { bwrap: 'held', none: 'told' },
  },
  {
    name: 'leaves a process behind, twice forked and with an empty environment',
    where: 'candidate',
    script: '(env -i setsid sh -c "(sleep 300) & " >/dev/null 2>&1 &)',
    expected: { bwrap: 'held', none: 'held' },
  },
  {
    name: 'does the same, and ends the program that is to find such processes',
    where: 'candidate',
    script: '(env -i setsid sh -c "(sleep 300) & " >/dev/null 2>&1 &) ; sleep 0.2; kill -KILL $(cut -d" " -f5 /proc/self/stat)',
    expected: { bwrap: 'held', none: 'succeeds' },
  },
  {
    name: 'reads the passwords and private keys of the machine, started by root',
    where: 'candidate',
    isOfRoot: true,
    script: 'cat /etc/shadow /etc/gshadow /etc/ssh/*_key 2>/dev/null | grep -q . && echo "LEAK""ED"',
    levels: ['printed'],
    expected: { bwrap: 'held', none: 'succeeds' },
  },
  {
    name: "looks for keys in the engine's environment",
    where: 'candidate',
    script: 'grep -qs "the-key-of-the-person" /proc/[0-9]*/environ && echo "LEAK""ED" | tee -a lib/seen; cat lib/seen >&2',
    lab: {
      env: { MY_API_KEY: 'the-key-of-the-person' },
      parts: { trainer: { use: 'command', with: { run: ['sh', '-c', 'sh lib/train.sh; sh judge/evaluate.sh'] }, timeout: '20s' } },
    },
    expected: { bwrap: 'held', none: 'held' },
  },
];
