/** The rule that ties plugins to metrics: an option called `metric` or `metrics` names metrics of the config, as does `metric` in a list of maps. */
import type { Diagnostics } from './diagnostics.ts';
import { find, nearest, type Located } from './located.ts';
import { formatPath, type Path } from './path.ts';
import { didYouMean } from './suggest.ts';
import type { UseSite } from './use-sites.ts';

export function checkMetricNames(root: Located, sites: readonly UseSite[], diagnostics: Diagnostics): void {
  const metrics = find(root, ['metrics']);
  if (metrics?.type !== 'map') return;
  const known = [...metrics.entries.keys()];
  // An empty map of metrics is an error of its own.
  if (known.length === 0) return;
  for (const site of sites) {
    const options = find(root, [...site.path, 'with']);
    if (options === undefined) continue;
    for (const { name, path, isKey } of references(options, [...site.path, 'with'])) {
      if (known.includes(name)) continue;
      const { origin } = nearest(root, path);
      const message = `${formatPath(origin.path)}: there is no metric "${name}"${didYouMean(name, known)}`;
      diagnostics.add(
        'CONFIG_UNKNOWN_METRIC',
        { origin, target: isKey ? 'key' : 'value' },
        message,
        `Metrics of this config: ${known.join(', ')}.`,
      );
    }
  }
}

interface Reference {
  readonly name: string;
  readonly path: Path;
  readonly isKey: boolean;
}

function references(options: Located, path: Path): Reference[] {
  if (options.type !== 'map') return [];
  return [...options.entries.keys()].flatMap((name) => {
    const option = find(options, [name]);
    const isNamed = name === 'metric' || name === 'metrics';
    return isNamed || (option?.type === 'list' && option.items.every((item) => item.type === 'map')) ? named(option, [...path, name]) : [];
  });
}

// One name, a list of names, a map by name, or a list of maps that each have a `metric`.
function named(node: Located | undefined, path: Path): Reference[] {
  if (node?.type === 'leaf') return typeof node.value === 'string' ? [{ name: node.value, path, isKey: false }] : [];
  if (node?.type === 'map') return [...node.entries.keys()].map((name) => ({ name, path: [...path, name], isKey: true }));
  if (node === undefined) return [];
  return node.items.flatMap((item, index) => {
    const inner = item.type === 'map' ? find(item, ['metric']) : item;
    return inner?.type === 'leaf' ? named(inner, item.type === 'map' ? [...path, index, 'metric'] : [...path, index]) : [];
  });
}
