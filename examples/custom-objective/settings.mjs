export const STEPS = 4;
