import type { SettledExperiment } from '../../../src/plugin.ts';

/** The numbers of an experiment, by name: its metrics as means over the trials, its score, and what it used. */
export function numbersOf({ metrics, score, delta, seconds, proposal: { usage } }: SettledExperiment): Record<string, number> {
  return {
    ...metrics,
    ...(score !== null && { score: score.value }),
    ...(score !== null && score.n > 1 && { score_spread: score.spread }),
    ...(delta !== null && { delta }),
    experiment_seconds: seconds,
    ...(usage?.usd !== undefined && { agent_usd: usage.usd }),
  };
}

/** Why it was tried and what was decided, as Markdown. Texts of models are in it as plain text. */
export function noteOf({ proposal, verdict, reason, judgements }: SettledExperiment): string {
  const { title, hypothesis, rationale, risks } = proposal;
  return [
    `**${plain(title)}**`,
    `${verdict}: ${plain(reason.text)} (${reason.code})`,
    hypothesis && `Hypothesis: ${plain(hypothesis)}`,
    rationale && `Why: ${plain(rationale)}`,
    risks.length > 0 && `Risks:\n${risks.map((risk) => `- ${plain(risk)}`).join('\n')}`,
    judgements.length > 0 &&
      `Gates:\n${judgements.map(({ gate, outcome, reason: why }) => `- ${gate} ${outcome}: ${plain(why)}`).join('\n')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** A name in the notation that trackers take: a path of words. */
export function safeName(name: string): string {
  const parts = name.replaceAll(/[^\w./ -]/g, '_').split('/');
  return (
    parts
      .filter((part) => !/^\.*$/.test(part))
      .join('/')
      .slice(0, 200) || '_'
  );
}

/** One line that is no markup, of a length that fits into a tag. */
export function plain(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\*_~`|<>[\]]/g, (mark) => `\\${mark}`);
  return line.length <= 1000 ? line : `${line.slice(0, 999)}…`;
}

export const millis = (iso: string): number => Date.parse(iso);
