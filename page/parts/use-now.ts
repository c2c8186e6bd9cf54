import { useEffect, useState } from 'preact/hooks';

/** The time, every second; 0 where the page is only written, so that it says nothing that will not be true when it is read. */
export function useNow(): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    const tick = (): void => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
