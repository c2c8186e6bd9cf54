import { html, type Markup } from './html.ts';
import type { Kind } from './marks.ts';

const SHAPES = { keep: '●', discard: '○', crash: '✕', review: '◆', control: '·', undone: '↩' } as const satisfies Record<Kind, string>;

/** A shape and a word for each kind, so that colour is never the only sign. */
export function verdictBadge(kind: Kind): Markup {
  return html`<span class="verdict ${kind}"
    ><i aria-hidden="true">${SHAPES[kind]}</i> <span class="v">${kind === 'undone' ? 'rolled back' : kind}</span></span
  >`;
}
