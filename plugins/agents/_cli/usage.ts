import type { Meter, Usage } from '../../../src/plugin.ts';
import type { Heard } from './types.ts';

/** The meter's figures; with a login the agent's own. Dollars are the agent's estimate where no prices are given. */
export function usageOf({ usage: own }: Heard, meter: Meter | null): Usage | undefined {
  if (meter === null) return own && { ...own, source: 'agent' };
  const { requests, inputTokens, cachedTokens, outputTokens, usd = own?.usd } = meter.usage();
  return { requests, inputTokens, cachedTokens, outputTokens, ...(usd !== undefined && { usd }), source: 'meter' };
}
