/** What the agent may tune too, but a human answers for: orders below this confidence go to a clerk. */
export const CONFIDENCE = 0.5;
