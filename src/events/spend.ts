import type { MeterOptions, PluginContext, Usage } from '../plugin.ts';

const EVERY_MS = 1000;

/** The same meter, which tells at most once a second what has been used, and once more at its end. */
export function tellSpend(start: PluginContext['meter'], tell: (usage: Usage) => void): PluginContext['meter'] {
  return async (options: MeterOptions) => {
    let timer: NodeJS.Timeout | undefined;
    let last = '';
    const look = () => {
      timer = undefined;
      const { requests, inputTokens, cachedTokens, outputTokens, usd } = meter.usage();
      const usage: Usage = { requests, inputTokens, cachedTokens, outputTokens, ...(usd !== undefined && { usd }), source: 'meter' };
      const now = JSON.stringify(usage);
      if (now !== last) tell(usage);
      last = now;
    };
    const onActivity = () => {
      options.onActivity?.();
      timer ??= setTimeout(look, EVERY_MS).unref();
    };
    const meter = await start({ ...options, onActivity });
    return {
      ...meter,
      async close() {
        clearTimeout(timer);
        await meter.close();
        look();
      },
    };
  };
}
