import { findJson, readReport, type Told } from '../../../src/agent.ts';
import type { AgentResult, ReportSource } from '../../../src/plugin.ts';
import type { CliOptions } from './options.ts';
import type { Heard } from './types.ts';

/** The agent's report: its structured answer, else the last JSON in its output. Without either the engine describes the change. */
export function answerOf({ report, text = '', model: heard }: Heard, options: CliOptions, label: string): AgentResult {
  const asked = options.model ?? heard;
  const model = asked === undefined ? {} : { model: asked };
  const sources: ReadonlyArray<readonly [ReportSource, unknown]> = [
    ['schema', report],
    ['fenced', findJson(text)],
  ];
  for (const [source, value] of sources) {
    const told = readReport(value);
    if (told !== null) return resultOf(told, source, label, model);
  }
  return { status: 'proposed', report: { title: '', source: 'derived', ...model } };
}

function resultOf(
  { status, title, reason, report }: Told,
  source: ReportSource,
  label: string,
  model: { readonly model?: string },
): AgentResult {
  if (status === 'exhausted') return { status, reason: reason || title || `${label} has nothing left to try` };
  // Without a title the engine calls it by its diff.
  const fallback = status === 'no-change' ? `no change by ${label}` : '';
  return { status, report: { ...report, title: title || fallback, source, ...model } };
}
