import { send } from '../_delivery/http.ts';
import { Refused, type Service } from '../_delivery/service.ts';
import { experimentGauges } from './gauges.ts';
import { auditSpan, experimentSpans, type Span } from './spans.ts';
import { attributes } from './values.ts';

interface Options {
  readonly endpoint: () => string;
  readonly signals: readonly ('traces' | 'metrics')[];
  readonly timeoutMs: number;
  readonly version: string;
}

/** OTLP over HTTP, as JSON. Every collector takes that; ids and times are those of the record, so a repeat is the same span. */
export function otlpService({ endpoint, signals, timeoutMs, version }: Options): Service {
  const scope = { name: 'autoresearch', version };

  const post = async (path: string, body: object, signal: AbortSignal) => {
    const url = `${endpoint().replace(/\/+$/, '')}/v1/${path}`;
    const headers = { 'content-type': 'application/json', ...pairsOf(process.env['OTEL_EXPORTER_OTLP_HEADERS']) };
    const text = await send({ url, headers, body: JSON.stringify(body), timeoutMs, signal, again: [401, 403, 404] });
    const said = rejection(text);
    if (said !== null) throw new Refused('it took only a part', 200, said);
  };

  const traces = async (spans: readonly Span[], signal: AbortSignal) => {
    if (signals.includes('traces'))
      await post('traces', { resourceSpans: [{ resource: resource(), scopeSpans: [{ scope, spans }] }] }, signal);
  };

  return {
    async experiment({ run, record }, signal) {
      const experiment = await record();
      await traces(experimentSpans(run, experiment), signal);
      if (!signals.includes('metrics')) return;
      const metrics = experimentGauges(run, experiment);
      await post('metrics', { resourceMetrics: [{ resource: resource(), scopeMetrics: [{ scope, metrics }] }] }, signal);
    },
    audit: (audit, index, run, signal) => traces([auditSpan(run, audit, index)], signal),
  };
}

function resource() {
  const given = pairsOf(process.env['OTEL_RESOURCE_ATTRIBUTES']);
  const name = process.env['OTEL_SERVICE_NAME'] ?? given['service.name'] ?? 'autoresearch';
  return { attributes: attributes({ ...given, 'service.name': name }) };
}

/** `a=1,b=2`, with values as in an address: how OpenTelemetry writes lists in variables. */
export function pairsOf(text = ''): Record<string, string> {
  const pairs = text.split(',').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 1 ? [] : [[part.slice(0, at).trim(), decode(part.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A collector that takes a part answers 200, and says what it did not take. */
function rejection(text: string): string | null {
  try {
    const { partialSuccess = {} } = JSON.parse(text) as { partialSuccess?: Record<string, string | number> };
    const count = Number(partialSuccess['rejectedSpans'] ?? partialSuccess['rejectedDataPoints'] ?? 0);
    return count > 0 ? String(partialSuccess['errorMessage'] ?? count) : null;
  } catch {
    return null;
  }
}
