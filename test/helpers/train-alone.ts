import { join } from 'node:path';
import type { AnyDefinition, Trainer, TrialOutcome, TrialRequest } from '../../src/plugin.ts';
import { createFrom } from '../../src/testing/options.ts';
import { makeContext, makeTrialRequest } from '../../src/testing/context.ts';
import { openGit } from '../../src/git/git.ts';
import { treeAt } from '../../src/git/pack-tree.ts';
import { makeFolder, makeRepo } from './repo.ts';

interface Request extends Partial<TrialRequest> {
  readonly files: Readonly<Record<string, string>>;
}

/** One trial of a remote trainer on a commit with these files, without a run around it. */
export async function trainAlone(definition: AnyDefinition, options: object, { files, ...more }: Request): Promise<TrialOutcome> {
  const folder = makeFolder();
  const repo = makeRepo(files);
  const trainer = createFrom(definition, { ...options }, makeContext({ projectDir: folder })) as Trainer;
  try {
    return await trainer.train(
      makeTrialRequest({
        cwd: folder,
        logFile: join(folder, 'trial.log'),
        tree: treeAt(openGit(join(repo.dir, '.git')), 'HEAD', ''),
        env: { PATH: process.env['PATH'] ?? '', AUTORESEARCH_RUN: folder.slice(-6) },
        timeoutMs: 60_000,
        ...more,
      }),
    );
  } finally {
    await trainer.dispose?.();
  }
}
