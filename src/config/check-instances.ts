import { messageOf } from '../errors.ts';
import type { PluginContext } from '../plugin.ts';
import { createInstance } from '../plugins/create.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, type Located } from './located.ts';
import type { FoundUse } from './plugin-uses.ts';

export type ContextFacts = Pick<PluginContext, 'projectDir' | 'scope' | 'seed'>;

/**
 * Creates every plugin once, which does no I/O, to learn what only instances know: options a plugin refuses,
 * and whether some gate compares the score with the incumbent's.
 */
export function checkInstances(uses: readonly (FoundUse | null)[], root: Located, facts: ContextFacts, diagnostics: Diagnostics): void {
  // A gate that could not be created might be the one that compares the score.
  let unsure = uses.filter((use) => use === null || use.kind === 'gate').length < gatesIn(root);
  let improves = false;
  for (const use of uses) {
    const instance = use?.isValid === true ? create(use, root, facts, diagnostics) : null;
    if (instance === null) unsure ||= use === null || use.kind === 'gate';
    else improves ||= use?.kind === 'gate' && 'improvement' in instance && instance.improvement === true;
  }
  if (improves || unsure) return;
  const { origin } = nearest(root, ['gates']);
  diagnostics.add(
    'CONFIG_NO_IMPROVEMENT_GATE',
    { origin, target: 'key' },
    "gates: none of them compares the score with the incumbent's, so a change for the worse would be kept",
    'Add { use: min-delta }.',
  );
}

function gatesIn(root: Located): number {
  const gates = find(root, ['gates']);
  if (gates === undefined) return 0;
  return gates.type === 'list' ? gates.items.length : Infinity;
}

function create(use: FoundUse, root: Located, facts: ContextFacts, diagnostics: Diagnostics): object | null {
  try {
    return createInstance(use.definition, use.options, contextOf(use, facts));
  } catch (error) {
    const { origin } = nearest(root, [...use.site.path, 'with']);
    const reason = messageOf(error);
    const message = reason.startsWith(use.path) ? reason : `${use.path}: ${use.definition.name} refuses its options: ${reason}`;
    diagnostics.add('CONFIG_INVALID', { origin, target: 'key' }, message, optionsOf(use));
    return null;
  }
}

function optionsOf({ definition }: FoundUse): string {
  const names = definition.schema === false ? [] : Object.keys(definition.schema.properties);
  return names.length === 0 ? `${definition.name} takes no options.` : `Options of ${definition.name}: ${names.join(', ')}.`;
}

function contextOf({ path, label }: FoundUse, facts: ContextFacts): PluginContext {
  const silent = (): void => {};
  const notYet = () => Promise.reject(new Error('a plugin must not start anything while it is created'));
  return {
    path,
    label,
    ...facts,
    signal: new AbortController().signal,
    log: { info: silent, warn: silent, debug: silent },
    exec: notYet,
    meter: notYet,
  };
}
