/** The engine as a library: what the command line itself is made of. */
export { startRun, resumeRun, type RunRequest, type RunResult } from './engine/session/run.ts';
export { defineConfig, type ConfigInput } from './config/define.ts';
export { loadConfig, type ConfigRequest, type LoadedConfig } from './config/load-config.ts';
export type { Config } from './config/types.ts';
export { openRepository, type Repository } from './git/repository.ts';
export { findRun, listRuns } from './ledger/find-run.ts';
export { readExperiments, readRun, type RunRecord } from './ledger/read.ts';
export { verifyRun, type Verification } from './ledger/verify.ts';
export { pendingDecisions, type PendingDecision } from './decisions/queue.ts';
export { followEvents, readEvents } from './events/read.ts';
export { enqueueDecision, type Submitted } from './review/submit.ts';
export { unpackRows, type PackedRows } from './views/packed-rows.ts';
export { writeReport } from './report.ts';
export { AutoresearchError, AutoresearchErrors, formatError, type ErrorCode } from './errors.ts';
export type * from './experiment.ts';
