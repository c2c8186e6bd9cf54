export const BATCH = 2;
