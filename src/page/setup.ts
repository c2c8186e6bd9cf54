/** Everything needed to know what was run, and on what. */
import { formatTime, shortCommit } from '../views/format.ts';
import { cleanTexts } from './clean.ts';
import type { Setup } from './model.ts';
import type { PageSource } from './source.ts';

export function setupOf({ record: { opening }, now }: PageSource): Setup {
  return cleanTexts({
    facts: [
      ['Run', opening.run],
      ['Branch', `autoresearch/${opening.run}`],
      ['Started from', shortCommit(opening.base)],
      ['Opened', formatTime(opening.at)],
      ['Host', `${opening.host}, ${opening.platform}`],
      ['Engine', `autoresearch ${opening.engine}, Node ${opening.node.replace(/^v/, '')}`],
      ['Sandbox', opening.sandbox ?? 'none'],
      ['Read', formatTime(now)],
    ],
    plugins: opening.plugins.map(({ kind, name, version, path }) => [kind, name, version ?? '–', path] as const),
    config: JSON.stringify(opening.imported ?? opening.config, null, 2),
  });
}
