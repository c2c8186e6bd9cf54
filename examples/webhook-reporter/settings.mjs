export const ALPHA = 0.9;
export const BETA = 0.1;
