import schema from '../../schemas/config.schema.json' with { type: 'json' };
import { createAjv, validateWith } from './ajv.ts';
import { checkInstances } from './check-instances.ts';
import type { Diagnostics } from './diagnostics.ts';
import { toPlain, type Located } from './located.ts';
import { checkMetricNames } from './metric-rule.ts';
import { loadDeclaredPlugins, resolveUse, type FoundUse, type ResolvedUse } from './plugin-uses.ts';
import { checkRules } from './rules.ts';
import { reportSchemaErrors } from './schema-errors.ts';
import { checkMemberNames, withMembers } from './team-uses.ts';
import type { Config } from './types.ts';
import { useSites, type UseSite } from './use-sites.ts';

export interface ValidConfig {
  readonly config: Config;
  readonly projectDir: string;
  readonly uses: readonly ResolvedUse[];
}

/**
 * Checks a merged config: the core schema, each plugin's options, and the rules between them.
 * @throws AutoresearchErrors with all of it
 */
export async function validateConfig(
  root: Located,
  toProjectDir: (root: string) => string,
  diagnostics: Diagnostics,
): Promise<ValidConfig> {
  const plain = toPlain(root);
  reportSchemaErrors(validateWith(createAjv(), schema, plain), { root, path: [] }, diagnostics);
  const values: Record<string, unknown> = typeof plain === 'object' && plain !== null ? { ...plain } : {};
  const projectDir = toProjectDir(typeof values['root'] === 'string' ? values['root'] : '.');
  const base = { projectDir, root };

  const { specifiers, declared } = await loadDeclaredPlugins(values, base, diagnostics);
  const resolve = async (site: UseSite) => withMembers(await resolveUse(site, declared, base, diagnostics), declared, base, diagnostics);
  const top = useSites(values);
  const found = (await Promise.all(top.map(resolve))).flat();
  const sites = [...top, ...found.flatMap((use) => (use?.team === undefined ? [] : [use.site]))];

  checkMemberNames(found, base, diagnostics);
  checkMetricNames(root, sites, diagnostics);
  checkRules(root, sites, diagnostics);
  const seed = typeof values['seed'] === 'number' ? values['seed'] : 1;
  const scope = asMap(values['scope']);
  checkInstances(found, root, { projectDir, seed, scope: { edit: texts(scope['edit']), protect: texts(scope['protect']) } }, diagnostics);
  diagnostics.throwIfAny();

  const uses = found.filter((use) => use !== null);
  return { config: fillIn(values, specifiers, uses), projectDir, uses: uses.map(publicPart) };
}

// With the options' defaults, and with module references that a config in the project's folder would write.
function fillIn(values: Record<string, unknown>, plugins: readonly string[], uses: readonly FoundUse[]): Config {
  const config: Record<string, unknown> = { ...structuredClone(values), plugins };
  for (const { site, use, options, team } of uses) {
    // The options of its team contain it already.
    if (team !== undefined) continue;
    const [key = '', inner] = site.path;
    if (inner === undefined) config[key] = { ...asMap(config[key]), use, with: options };
    else if (typeof inner === 'number')
      config[key] = asList(config[key]).with(inner, { ...asMap(asList(config[key])[inner]), use, with: options });
    else config[key] = { ...asMap(config[key]), [inner]: { use, with: options } };
  }
  // The schema has accepted these values, so they have the shape of a Config.
  return config as unknown as Config;
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

function publicPart({ site: _site, use: _use, isValid: _isValid, ...use }: FoundUse): ResolvedUse {
  return use;
}
