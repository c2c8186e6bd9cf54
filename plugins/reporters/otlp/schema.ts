import { PATIENCE } from '../_delivery/options.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    endpointVariable: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      default: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      description:
        'The environment variable that holds the address of the collector, such as http://localhost:4318. OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read too.',
      examples: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
    },
    signals: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', enum: ['traces', 'metrics'], description: 'Traces or metrics.' },
      default: ['traces', 'metrics'],
      description: 'What is sent.',
      examples: [['traces']],
    },
    ...PATIENCE,
  },
} as const;
