/**
 * The public contract for plugin authors: `import { definePlugin } from 'autoresearch/plugin'`.
 * Types, `definePlugin`, an error class and small helpers.
 */
export { API_VERSION, definePlugin, type AnyDefinition, type Definition, type Kind } from './contract/definition.ts';
export { foldHistory } from './contract/fold-history.ts';
export { ReasonError } from './contract/reason-error.ts';
export { better, gain } from './experiment.ts';
export { IncumbentCommits, undoneKeeps } from './model/incumbents.ts';
export { readPlainFile } from './plain-file.ts';
export { callProgram } from './remote/call-program.ts';
export { createRemoteTrainer } from './remote/create-remote-trainer.ts';
export { quote } from './remote/job-files.ts';
export { REMOTE_OPTIONS, type RemoteOptions } from './remote/options.ts';
export { shellEngine, type CallWorker, type ShellEngine } from './remote/shell-engine.ts';
export type { Look } from './remote/look.ts';
export { workerScript } from './remote/worker-script.ts';
export { startProblem } from './process/start-problem.ts';
export { createEditRule, createPathRule } from './scope.ts';
export { failureLine } from './traceback/failure-line.ts';
export { headlineOf, type Headline } from './views/headline.ts';
export type * from './contract/agent.ts';
export type * from './contract/context.ts';
export type * from './contract/decisions.ts';
export type * from './contract/events.ts';
export type * from './contract/meter.ts';
export type * from './contract/remote.ts';
export type * from './contract/roles.ts';
export type * from './contract/run-view.ts';
export type * from './contract/trial-events.ts';
export type * from './experiment.ts';
export type { FromSchema, OptionsSchema } from './plugins/options-schema.ts';
export type { ShortRow } from './views/short-row.ts';
export type { HookFacade, Hooks, Judgements, Measurements } from './hooks.ts';
