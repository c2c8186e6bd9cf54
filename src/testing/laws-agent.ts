import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentResult, AnyDefinition } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeBrief, makeContext, withFolder, writeFiles } from './context.ts';
import { createFrom } from './options.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

const LIMIT_MS = 20_000;

/** An agent answers when it is aborted, and answers only in the shapes the engine knows. */
export function testAgent({ it }: Runner, definition: AnyDefinition, test: PluginTest<'agent'>): void {
  const propose = (signal: AbortSignal): Promise<AgentResult> =>
    withFolder(async (folder) => {
      const cwd = join(folder, 'worktree');
      const scratchDir = join(folder, 'scratch');
      await Promise.all([mkdir(cwd), mkdir(scratchDir)]);
      await writeFiles(cwd, test.cases?.files);
      const context = makeContext({ projectDir: cwd, signal });
      const agent = createFrom(definition, test.cases?.options ?? test.options.valid[0] ?? {}, context) as Agent;
      const brief = makeBrief({ cwd, scratchDir, timeoutMs: LIMIT_MS * 2, ...test.cases?.brief, signal });
      const result = await settlesWithin(LIMIT_MS, agent.propose(brief));
      await agent.dispose?.();
      return result;
    });

  it(
    'answers when it was aborted before it began',
    async () => {
      assertResult(await propose(AbortSignal.abort()));
    },
    LIMIT_MS * 2,
  );

  it(
    'answers soon after it is aborted',
    async () => {
      assertResult(await propose(AbortSignal.timeout(300)));
    },
    LIMIT_MS * 2,
  );
}

function assertResult(result: AgentResult): void {
  switch (result.status) {
    case 'proposed':
    case 'no-change':
      assert.equal(typeof result.report.title, 'string');
      assert.ok(['schema', 'tool', 'file', 'fenced', 'derived'].includes(result.report.source), `unknown source ${result.report.source}`);
      return;
    case 'exhausted':
      assert.ok(result.reason.length > 0, 'the reason is missing');
      return;
    case 'failed':
      assert.ok(result.kind.length > 0 && result.message.length > 0, 'kind and message are missing');
      assert.equal(typeof result.retryable, 'boolean');
      return;
    default:
      assert.fail(`unknown status ${JSON.stringify(result)}`);
  }
}
