import { useEffect, useState } from 'preact/hooks';

/** The result of an async call that is repeated when `key` changes: undefined while it is pending, null where it failed. */
export function useAnswer<T>(ask: () => Promise<T>, key: string): T | null | undefined {
  const [found, setFound] = useState<{ readonly key: string; readonly value: T | null } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const take = (value: T | null): void => {
      if (isWanted) setFound({ key, value });
    };
    ask().then(take, () => take(null));
    return () => {
      isWanted = false;
    };
  }, [key]);
  return found?.key === key ? found.value : undefined;
}
