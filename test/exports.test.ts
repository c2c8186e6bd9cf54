import { expect, it } from 'vitest';

// What users can import is a promise: a new name, or one that is gone, is to be seen in a review.
it('the public entries export these names', async () => {
  const names = async (entry: string) => Object.keys((await import(entry)) as object).sort();
  expect(await names('../src/plugin.ts')).toMatchInlineSnapshot(`
    [
      "API_VERSION",
      "IncumbentCommits",
      "REMOTE_OPTIONS",
      "ReasonError",
      "better",
      "callProgram",
      "createEditRule",
      "createPathRule",
      "createRemoteTrainer",
      "definePlugin",
      "failureLine",
      "foldHistory",
      "gain",
      "headlineOf",
      "quote",
      "readPlainFile",
      "shellEngine",
      "startProblem",
      "undoneKeeps",
      "workerScript",
    ]
  `);
  expect(await names('../src/agent.ts')).toMatchInlineSnapshot(`
    [
      "HISTORY_SERVER",
      "REPORT_SCHEMA",
      "asSwitch",
      "canServeHistory",
      "cleanLine",
      "cleanText",
      "fenceLog",
      "findConstant",
      "findJson",
      "historyServer",
      "listConstants",
      "problemOfPattern",
      "readReport",
      "reportRequest",
      "setConstant",
      "watchIdle",
    ]
  `);
  expect(await names('../src/testing.ts')).toMatchInlineSnapshot(`
    [
      "BrokenLaw",
      "makeAudit",
      "makeBrief",
      "makeContext",
      "makeEvents",
      "makeExperiment",
      "makePreflight",
      "makeRunView",
      "makeSummary",
      "makeTrial",
      "makeTrialRequest",
      "testPlugin",
      "testRemoteEngine",
    ]
  `);
  expect(await names('../src/index.ts')).toMatchInlineSnapshot(`
    [
      "AutoresearchError",
      "AutoresearchErrors",
      "defineConfig",
      "enqueueDecision",
      "findRun",
      "followEvents",
      "formatError",
      "listRuns",
      "loadConfig",
      "openRepository",
      "pendingDecisions",
      "readEvents",
      "readExperiments",
      "readRun",
      "resumeRun",
      "startRun",
      "unpackRows",
      "verifyRun",
      "writeReport",
    ]
  `);
});
