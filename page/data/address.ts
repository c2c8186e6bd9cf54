/** The state of the view, as the address bar holds it: a link shows the same thing to somebody else. */

export const TABS = ['decide', 'ranked', 'all', 'agents', 'compromises', 'parameters', 'slots', 'audits', 'setup', 'nodes'] as const;
export type Tab = (typeof TABS)[number];

export const SORTS = ['id', 'score', 'delta', 'title', 'agent', 'seconds', 'cost'] as const;
export type Sort = (typeof SORTS)[number];

export const KINDS = ['keep', 'discard', 'crash', 'review', 'control', 'undone'] as const;
export type MarkKind = (typeof KINDS)[number];

/** What is compared with: an experiment of this run, another run, or an experiment of that; nothing where it is still to be chosen. */
export interface Other {
  readonly run: string | null;
  readonly id: number | null;
}

export interface ViewState {
  readonly tab: Tab | null;
  /** The experiment that is shown, and what it, or the run, is compared with. */
  readonly open: number | null;
  readonly compare: Other | null;
  readonly search: string;
  /** Empty for all. */
  readonly kinds: readonly MarkKind[];
  readonly sort: Sort;
  readonly isUp: boolean;
  /** The part of the chart that is shown, in experiments. */
  readonly zoom: readonly [number, number] | null;
}

export const START: ViewState = { tab: null, open: null, compare: null, search: '', kinds: [], sort: 'id', isUp: false, zoom: null };

/** Parts that cannot be read keep their defaults. */
export function readAddress(hash: string): ViewState {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const [from, to] = (params.get('zoom') ?? '').split('-').map(toId);
  const sort = params.get('sort') ?? '';
  const name = sort.replace(/^-/, '');
  return {
    tab: TABS.find((tab) => tab === params.get('tab')) ?? null,
    open: toId(params.get('open')),
    // Older links say `vs`.
    compare: toOther(params.get('compare') ?? params.get('vs')),
    search: (params.get('q') ?? '').slice(0, 200),
    kinds: KINDS.filter((kind) => (params.get('only') ?? '').split(',').includes(kind)),
    sort: SORTS.find((key) => key === name) ?? 'id',
    isUp: sort !== '' && !sort.startsWith('-'),
    zoom: from !== null && from !== undefined && to !== null && to !== undefined && from < to ? [from, to] : null,
  };
}

export function writeAddress({ tab, open, compare, search, kinds, sort, isUp, zoom }: ViewState): string {
  const params = new URLSearchParams();
  if (tab !== null) params.set('tab', tab);
  if (open !== null) params.set('open', String(open));
  if (compare !== null) params.set('compare', fromOther(compare));
  if (search !== '') params.set('q', search);
  if (kinds.length > 0) params.set('only', kinds.join(','));
  if (sort !== 'id' || isUp) params.set('sort', `${isUp ? '' : '-'}${sort}`);
  if (zoom !== null) params.set('zoom', `${zoom[0]}-${zoom[1]}`);
  const text = params.toString();
  return text === '' ? '' : `#${text}`;
}

/** `4`, `@run`, `@run/4`, or nothing; null where it is none of these. */
function toOther(text: string | null): Other | null {
  const [all, run = null, id] = /^(?:@([\w.-]{1,100})\/?)?(\d{1,9})?$/.exec(text ?? 'none') ?? [];
  return all === undefined ? null : { run, id: toId(id) };
}

function fromOther({ run, id }: Other): string {
  return [...(run === null ? [] : [`@${run}`]), ...(id === null ? [] : [id])].join('/');
}

function toId(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
