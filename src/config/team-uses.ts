/** Agents that another agent lists among its options: read like those under `agent:`. */
import schema from '../../schemas/config.schema.json' with { type: 'json' };
import type { DeclaredPlugins } from '../plugins/load.ts';
import { createAjv, validateWith } from './ajv.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest } from './located.ts';
import { formatPath, type Path } from './path.ts';
import { resolveUse, type Base, type FoundUse } from './plugin-uses.ts';
import { reportSchemaErrors } from './schema-errors.ts';
import { memberSites, type UseSite } from './use-sites.ts';

/** The list of entries as a schema of its own; the definitions that it refers to come along. */
const LIST = { $defs: schema.$defs, type: 'array', items: { $ref: '#/$defs/agent' } };

/** A use, and behind it its members where it has some; null for each that cannot be loaded. */
export async function withMembers(
  use: FoundUse | null,
  declared: DeclaredPlugins,
  base: Base,
  diagnostics: Diagnostics,
): Promise<(FoundUse | null)[]> {
  const option = use?.definition.members;
  if (use === null || option === undefined) return [use];
  const list = use.options[option];
  // The option's own schema reports a value that is not a list.
  if (!Array.isArray(list)) return [use];
  const entries: readonly unknown[] = list;
  const path = [...use.site.path, 'with', option];
  reportSchemaErrors(validateWith(createAjv(), LIST, structuredClone(list)), { root: base.root, path }, diagnostics);
  const sites = memberSites(path, list).map((site) => inheriting(site, use));
  const members = await Promise.all(sites.map((site) => resolveUse(site, declared, base, diagnostics)));
  for (const member of members) if (member) refuseTeam(member, base, diagnostics);
  const resolved = entries.map((entry, index) => {
    const member = members.find((found) => found?.site.path.at(-1) === index);
    return member ? { ...Object(entry), use: member.use, with: member.options } : entry;
  });
  return [{ ...use, options: { ...use.options, [option]: resolved } }, ...members.map((member) => member && { ...member, team: use.path })];
}

/** Timeouts and limits of the team are the defaults for its members. */
function inheriting(site: UseSite, team: FoundUse): UseSite {
  return { ...site, agent: { ...team.site.agent, ...site.agent } };
}

function refuseTeam({ definition, site }: FoundUse, { root }: Base, diagnostics: Diagnostics): void {
  if (definition.members === undefined) return;
  const { origin } = nearest(root, [...site.path, 'use']);
  const message = `${formatPath(origin.path)}: ${definition.name} has agents of its own, and cannot be one of another's`;
  diagnostics.add('CONFIG_INVALID', { origin, target: 'value' }, message, 'List its agents here, beside the others.');
}

/** A team tells its members apart by their names. */
export function checkMemberNames(uses: readonly (FoundUse | null)[], { root }: Base, diagnostics: Diagnostics): void {
  const agents = uses.filter((use) => use !== null).filter(({ kind, definition }) => kind === 'agent' && definition.members === undefined);
  for (const [index, { label, site, team }] of agents.entries()) {
    const first = agents.slice(0, index).find((other) => other.label === label && (team ?? other.team) !== undefined);
    if (first === undefined) continue;
    const named: Path = [...site.path, find(root, [...site.path, 'name']) ? 'name' : 'use'];
    const { origin } = nearest(root, named);
    const message = `${formatPath(origin.path)}: a second agent "${label}"; the first is ${first.path}`;
    diagnostics.add('CONFIG_INVALID', { origin, target: 'value' }, message, 'Give it a name of its own, such as { name: other }.');
  }
}
