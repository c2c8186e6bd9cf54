/**
 * For authors of agents that talk to a model: `import { reportRequest } from 'autoresearch/agent'`.
 * How to ask for a report, how to read one, and how to make text from programs safe to show to a model.
 */
export { watchIdle, type IdleWatch } from './idle.ts';
export { cleanLine, cleanText } from './prompt/clean.ts';
export { fenceLog } from './prompt/fence.ts';
export { findJson, readReport, type Told } from './prompt/report.ts';
export { REPORT_SCHEMA, reportRequest } from './prompt/report-request.ts';
