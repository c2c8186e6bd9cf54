/** The stages of the loop as tapable hooks. Only wire.ts taps for the built-in roles, and only the loop calls. */
import type { AsyncSeriesBailHook, AsyncSeriesHook, TapOptions } from 'tapable';
import { HOOKS, type HookName } from './hook-table.ts';

export type { Judgements, Measurements, Proposed } from './hook-table.ts';

export type HookTable = { readonly [N in HookName]: ReturnType<(typeof HOOKS)[N]['create']> };

export function createHooks(): HookTable {
  return Object.freeze(Object.fromEntries(Object.entries(HOOKS).map(([name, { create }]) => [name, create(name)]))) as HookTable;
}

/** A hook that can be tapped but not called. Taps may be sync or async; both are awaited. */
export interface HookFacade<Arguments extends unknown[], Result> {
  tap(
    options: string | (TapOptions & { readonly name: string }),
    tap: (...args: Arguments) => Result | undefined | null | void | Promise<Result | undefined | null | void>,
  ): void;
}

type FacadeOf<H> =
  H extends AsyncSeriesBailHook<infer A, infer R>
    ? HookFacade<A extends unknown[] ? A : never, R>
    : H extends AsyncSeriesHook<infer A>
      ? HookFacade<A extends unknown[] ? A : never, void>
      : never;

/** What `apply` gets: the same table, tap only. */
export type Hooks = { readonly [N in HookName]: FacadeOf<HookTable[N]> };
