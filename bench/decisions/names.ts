/** Names of policies, and who is played where. */
export const NAIVE = 'naive greedy';
export const GUARDED = ' + stop + audit';
export const SETTLED = ', noise settled';
export const BALANCED = 'posterior balanced';
export const PROGRESS = 'posterior progress';
export const SHARED = ', shared seeds';
export const FRESH = ', fresh seeds';

export const SEEDED = [NAIVE, BALANCED, `${BALANCED}${SHARED}`, `${BALANCED}${FRESH}`, `${BALANCED}${GUARDED}`];
export const NOISY = [NAIVE, 'shrink 0.6', BALANCED, PROGRESS, `${BALANCED}${GUARDED}`, `${PROGRESS}${GUARDED}`];
export const BUDGETED = [NAIVE, BALANCED, PROGRESS];
