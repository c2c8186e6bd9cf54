/** A signal that is aborted when nothing has been heard for too long, or when the outer one is. */
export interface IdleWatch {
  readonly signal: AbortSignal;
  /** Something was heard. */
  touch(): void;
  /** Was it aborted because nothing was heard? */
  isIdle(): boolean;
  stop(): void;
}

/** @param idleMs without it only the outer signal counts */
export function watchIdle(idleMs: number | undefined, outer: AbortSignal): IdleWatch {
  const silence = new AbortController();
  const timer = idleMs === undefined ? undefined : setTimeout(() => silence.abort(), idleMs);
  timer?.unref();
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    touch: () => void timer?.refresh(),
    isIdle: () => silence.signal.aborted && !outer.aborted,
    stop: () => clearTimeout(timer),
  };
}
