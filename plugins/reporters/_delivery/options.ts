/** Options that all reporters to a service have. */
export const PATIENCE = {
  timeoutMs: {
    type: 'integer',
    minimum: 1,
    default: 10_000,
    description: 'Milliseconds to wait for an answer before it is tried again.',
  },
  patienceMs: {
    type: 'integer',
    minimum: 0,
    default: 15_000,
    description: 'Milliseconds the end of a session waits for what is not sent yet. What is left is sent by the next session.',
  },
} as const;
