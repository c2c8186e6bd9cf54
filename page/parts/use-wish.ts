import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Source, Wish } from '../data/source.ts';

interface Message {
  readonly text: string;
  readonly isBad: boolean;
}

const SHOWN_MS = 8000;
const NONE: Message = { text: '', isBad: false };

/** Asks the run for something and shows what came of it; true where it was taken. */
export function useWish(source: Source): { readonly message: Message; readonly wish: (wish: Wish) => Promise<boolean> } {
  const [message, setMessage] = useState(NONE);
  useEffect(() => {
    if (message === NONE) return undefined;
    const timer = setTimeout(() => setMessage(NONE), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);
  const wish = useCallback(
    async (wanted: Wish) => {
      try {
        setMessage({ text: await source.wish(wanted), isBad: false });
        return true;
      } catch (error) {
        setMessage({ text: error instanceof Error ? error.message : String(error), isBad: true });
        return false;
      }
    },
    [source],
  );
  return { message, wish };
}
