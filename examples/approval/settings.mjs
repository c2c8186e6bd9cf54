/** What the agent may tune freely. */
export const BATCH = 4;
export const RETRIES = 1;
