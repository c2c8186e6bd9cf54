import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli, emptyFolder, git } from './preset.ts';

// What a run finds depends on the held-out data, which is drawn anew here; so only the loop is asked for, not its gain.
it.each(['extraction-precision', 'cost-guarded', 'order-accuracy', 'response-time'])(
  '%s runs in an empty folder with one command, offline, and leaves a clean project',
  (preset) => {
    const dir = emptyFolder();
    const { code, out } = cli(dir, 'run', '--preset', preset, '--experiments', '1');
    expect(code, out).toBe(0);
    expect(readdirSync(dir)).toEqual([preset]);
    const project = join(dir, preset);
    expect(cli(project, 'verify').code).toBe(0);
    expect(git(project, 'status', '--porcelain')).toBe('');
    expect(git(project, 'log', '--all', '--format=', '--name-only')).not.toContain('holdout');
  },
);
