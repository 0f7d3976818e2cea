import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** Where a function writes its logs and metrics; neither ever gets content of records or findings. */
export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Structured logs and CloudWatch metrics on standard output, for a deployed function. */
export function createTelemetry(serviceName: string): Telemetry {
  return { logger: new Logger({ serviceName }), metrics: new Metrics({ namespace: 'Tidemark', serviceName }) };
}

/** Telemetry that writes nothing, for runs on a person's terminal; metrics are summed up in `counts`. */
export function silentTelemetry(counts: Map<string, number> = new Map()): Telemetry {
  return { logger: new Logger({ logLevel: 'SILENT' }), metrics: new CountingMetrics(counts) };
}

class CountingMetrics extends Metrics {
  readonly #counts: Map<string, number>;

  constructor(counts: Map<string, number>) {
    super({ namespace: 'Tidemark' });
    this.#counts = counts;
  }

  override addMetric(...[name, , value]: Parameters<Metrics['addMetric']>): this {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
    return this;
  }

  override singleMetric(): Metrics {
    return new CountingMetrics(this.#counts);
  }

  override publishStoredMetrics(): this {
    return this;
  }
}

/** @returns an error's name, all of it that logs may have: a message could quote a record. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
