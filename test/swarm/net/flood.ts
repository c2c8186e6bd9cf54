import { execFileSync } from 'node:child_process';

/** Makes many refs in a repository at once. */
export function addToRefs(dir: string, count: number, name: (n: number) => string, commit: string): void {
  const input = Array.from({ length: count }, (_, n) => `create ${name(n)} ${commit}\n`).join('');
  execFileSync('git', ['update-ref', '--stdin'], { cwd: dir, input });
  execFileSync('git', ['pack-refs', '--all'], { cwd: dir });
}
