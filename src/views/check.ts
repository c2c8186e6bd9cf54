import type { Direction } from '../experiment.ts';
import { TRUST_LEVELS, type Trust } from '../trust.ts';
import { plural } from './format.ts';

/** What `check` found, and `check --json` prints. */
export interface CheckView {
  readonly ok: true;
  /** Null where only a preset was checked. */
  readonly config: string | null;
  readonly objective: { readonly label: string; readonly direction: Direction };
  /** The chain, in order. */
  readonly agents: readonly string[];
  /** What each agent found of itself. */
  readonly agentNotes: readonly string[];
  readonly trainer: { readonly use: string; readonly timeout: string };
  /** What was found of the machines where trials run, where that is not this one. */
  readonly places: readonly string[];
  /** Where trials run side by side, by name. */
  readonly slots: readonly string[];
  /** Proposals made ahead for each slot; null where the engine decides. */
  readonly lookahead: number | null;
  /** What a trial may use at most, besides its time; each is watched by the engine. */
  readonly limits: readonly string[];
  readonly metrics: readonly string[];
  readonly gates: readonly string[];
  readonly editable: readonly string[];
  readonly data: readonly { readonly path: string; readonly rows: number }[];
  /** Null where nothing is prepared. */
  readonly prepared: { readonly text: string; readonly isReady: boolean } | null;
  readonly sandbox: string;
  /** How far the number can be trusted, and what would take it further. */
  readonly trust: Trust;
  /** The commit a run would start from. */
  readonly base: string;
  readonly warnings: readonly string[];
}

export function renderCheck(view: CheckView): string {
  const { objective, trainer, prepared, trust, warnings } = view;
  return [
    `objective  ${objective.label}, ${objective.direction}`,
    `agent      ${view.agents.join(', then ')}`,
    ...view.agentNotes.map((text) => `           ${text}`),
    `trainer    ${trainer.use}, at most ${trainer.timeout} a trial`,
    ...view.places.map((text) => `           ${text}`),
    ...(view.slots.length === 1 ? [] : [`slots      ${slotsText(view)}`]),
    ...(view.limits.length === 0 ? [] : [`limits     ${view.limits.join(', ')}; a trial that uses more is ended`]),
    `metrics    ${view.metrics.join(', ')}`,
    `gates      ${view.gates.join(', ')}`,
    `editable   ${view.editable.join(', ')}`,
    ...view.data.map(({ path, rows }) => `data       ${path}: ${rows} rows, all as the schema asks`),
    ...(prepared === null ? [] : [`prepared   ${prepared.text}${prepared.isReady ? '' : '; autoresearch run prepares it first'}`]),
    `sandbox    ${view.sandbox}`,
    `number     ${TRUST_LEVELS[trust.level]} (docs/security.md)`,
    ...(trust.advice === null ? [] : [`           ${trust.advice}`]),
    `starts at  ${view.base.slice(0, 10)}`,
    ...warnings.map((warning) => `warning: ${warning}`),
    warnings.length === 0
      ? 'everything is in order: autoresearch run'
      : `nothing keeps a run from starting: ${plural(warnings.length, 'warning')} above`,
  ].join('\n');
}

function slotsText({ slots, lookahead }: CheckView): string {
  const ahead = lookahead === null ? 'as many proposals ahead as save time' : `${plural(lookahead, 'proposal')} ahead for each`;
  return `${slots.length} side by side: ${slots.join(', ')}; ${ahead}`;
}
