/**
 * For authors of agents that talk to a model: `import { reportRequest } from 'autoresearch/agent'`.
 * How to ask for a report, how to read one, how to make text from programs safe to show to a model, and how to read and
 * change constants in source code.
 */
export { canServeHistory, HISTORY_SERVER, historyServer, type HistoryServer } from './mcp/for-agent.ts';
export { watchIdle, type IdleWatch } from './idle.ts';
export { cleanLine, cleanText } from './prompt/clean.ts';
export { fenceLog } from './prompt/fence.ts';
export { findJson, readReport, type Told } from './prompt/report.ts';
export { REPORT_SCHEMA, reportRequest } from './prompt/report-request.ts';
export { findConstant, listConstants, setConstant, type Constant } from './literals/constants.ts';
export { problemOfPattern } from './literals/pattern.ts';
export { asSwitch } from './literals/write.ts';
