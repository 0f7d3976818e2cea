import { createFlowsHandler } from '../../lambdas/flows.ts';
import { createIngestHandler } from '../../lambdas/ingest.ts';
import { contextOf } from '../../lambdas/local/runner.ts';
import { silentTelemetry } from '../../lambdas/telemetry.ts';
import { createNotifyHandler } from '../../lambdas/notify.ts';
import type { Publish } from '../../lambdas/sns-publisher.ts';
import { createWatchHandler } from '../../lambdas/watch.ts';
import type { Ports } from '../../lib/ingest.ts';
import { payloadOf } from '../engine/payloads.ts';
import { cluster } from '../engine/sample.ts';
import { scope } from '../lib/trail/calls.ts';
import type { SceneDelivery, Taker } from './scenes.ts';

const flowLogGroup = '/vpc/flow-logs';
const context = contextOf('faults');

/** A function, as whoever calls it sees it. */
export type Handle = (event: unknown) => Promise<unknown>;

/** Makes the deployed handlers on ports, each when it is first called; `now` is in milliseconds since the epoch. */
export function handlersOn(ports: Ports & { readonly publish: Publish }, now: () => number): (taker: Taker) => Handle {
  const telemetry = silentTelemetry();
  const made = new Map<Taker, Handle>();
  const make = (taker: Taker): Handle => {
    switch (taker) {
      case 'notify': { const handler = createNotifyHandler({ ...ports, now }, telemetry); return (event) => handler(event, context); }
      case 'ingest': { const handler = createIngestHandler(ports, telemetry, { now }); return (event) => handler(event, context); }
      case 'flows': { const handler = createFlowsHandler({ ...ports, readObject: () => Promise.reject(new RangeError('there are no files here')) }, [{ cluster, logGroupName: flowLogGroup }], telemetry); return (event) => handler(event, context); }
      case 'watch': { const handler = createWatchHandler(ports, { scope: { ...scope, clusters: [cluster] }, silenceMs: Infinity, now }, telemetry); return (event) => handler(event, context); }
    }
  };
  return (taker) => {
    const handle = made.get(taker) ?? make(taker);
    made.set(taker, handle);
    return handle;
  };
}

/** The data by which a delivery comes, in base64. */
export function dataOf({ taker, records }: Pick<SceneDelivery, 'taker' | 'records'>): string {
  return payloadOf(records, taker === 'flows' ? { logGroup: flowLogGroup, logStream: 'eni-0a1b-all' } : {}).toString('base64');
}

/** The event by which a delivery comes when nothing is between. */
export function eventOf(delivery: Pick<SceneDelivery, 'taker' | 'records'>): unknown {
  return delivery.taker === 'watch' ? (JSON.parse(delivery.records[0] ?? '') as unknown) : { awslogs: { data: dataOf(delivery) } };
}
