import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentResult, AnyDefinition, FailureKind } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeBrief, makeContext, withFolder, writeFiles } from './context.ts';
import { disposeTwice } from './end.ts';
import { Breach, expectThat, lawsOf, LIMIT_MS } from './law.ts';
import { createFrom } from './options.ts';
import type { Runner } from './runner.ts';
import { settlesWithin } from './settles.ts';

const SOURCES = ['schema', 'tool', 'file', 'fenced', 'derived'];
const KINDS: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limit',
  'overloaded',
  'network',
  'crash',
  'timeout',
  'idle',
  'bad-output',
  'context-overflow',
  'turn-limit',
  'budget',
  'cancelled',
  'auth',
  'not-installed',
  'config',
]);

/** The rules for agents: one answers when it is aborted, and only in the shapes the engine knows. */
export function testAgent(runner: Runner, definition: AnyDefinition, test: PluginTest<'agent'>): void {
  const { limitMs = LIMIT_MS } = test;
  const law = lawsOf(runner, definition, test);
  const propose = (signal: AbortSignal): Promise<AgentResult> =>
    withFolder(async (folder) => {
      const cwd = join(folder, 'worktree');
      const scratchDir = join(folder, 'scratch');
      await Promise.all([mkdir(cwd), mkdir(scratchDir)]);
      await writeFiles(cwd, test.cases?.files);
      const context = makeContext({ projectDir: cwd, signal });
      const agent = createFrom(definition, test.cases?.options ?? test.options.valid[0] ?? {}, context) as Agent;
      const brief = makeBrief({ cwd, scratchDir, timeoutMs: limitMs * 2, ...test.cases?.brief, signal });
      const result = await settlesWithin(limitMs, agent.propose(brief));
      await disposeTwice(agent);
      return result;
    });
  const expected = `an AgentResult within ${limitMs / 1000} s: proposed, no-change, exhausted or failed, each with its fields`;

  law('answers when it was aborted before it began', expected, async () => checkResult(await propose(AbortSignal.abort())));
  law('answers soon after it is aborted', expected, async () => checkResult(await propose(AbortSignal.timeout(300))));
}

function checkResult(result: AgentResult): void {
  switch (result?.status) {
    case 'proposed':
    case 'no-change':
      expectThat(typeof result.report?.title === 'string', `a report without a title: ${JSON.stringify(result.report)}`);
      expectThat(
        SOURCES.includes(result.report.source),
        `the source ${JSON.stringify(result.report.source)}, not one of ${SOURCES.join(', ')}`,
      );
      return;
    case 'exhausted':
      expectThat(result.reason?.length > 0, 'exhausted, without a reason');
      return;
    case 'failed':
      expectThat(KINDS.has(result.kind), `failed, with the kind ${JSON.stringify(result.kind)}, not one of ${[...KINDS].join(', ')}`);
      expectThat(result.message?.length > 0, 'failed, without a message');
      return;
    default:
      throw new Breach(`the unknown answer ${JSON.stringify(result)}`);
  }
}
