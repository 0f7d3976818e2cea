import { parseArgs } from 'node:util';
import { startEmbeddedAws } from '../lambdas/local/embedded-aws.ts';
import { readCorpus } from './evaluation/corpus.ts';
import { hasJava, startDynamoLocal } from './lambdas/dynamodb-local.ts';
import { coefficientsFor, secondsPerMonth } from './scale/cost-model.ts';
import { FleetTraffic } from './scale/fleet-traffic.ts';
import { measured } from './scale/measured.ts';
import { learn, playFleet } from './scale/play-fleet.ts';

/**
 * Plays the traffic of a fleet against the real handlers and stores, and prints what it took beside what the cost model says of such a fleet:
 * `npm run fleet -- --clusters 100 --rate 40 --hot 0 --functions 8 --warm-up 2 --minutes 10 --seed 1`. `--rate` is events a second
 * of all clusters together, `--hot` those of one service account besides. Of each cluster it is known from the beginning what the sample cluster does
 * before its first attack.
 */
async function play(): Promise<void> {
  const number = (value: string) => ({ type: 'string' as const, default: value });
  const { values } = parseArgs({ options: { 'clusters': number('100'), 'rate': number('40'), 'hot': number('0'), 'functions': number('8'), 'warm-up': number('2'), 'minutes': number('10'), 'seed': number('1') } });
  const { scenarios, events } = await readCorpus('examples/shop');
  const firstAttack = Math.min(...scenarios.map((scenario) => Date.parse(scenario.start)));
  const templates = events.filter(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp) < firstAttack);
  const [clusters, rate, hot] = [Number(values.clusters), Number(values.rate), Number(values.hot)];
  const traffic = new FleetTraffic(templates, { clusters, eventsPerSecond: rate, hotEventsPerSecond: hot, seed: values.seed });
  const store = hasJava ? await startDynamoLocal() : await startEmbeddedAws().then((aws) => ({ client: aws.dynamo, stop: () => aws.stop() }));
  const minutes = Number(values.minutes);
  const report = await playFleet(store.client, traffic, { learned: await learn(templates), warmUp: Number(values['warm-up']), minutes, functions: Number(values.functions), start: firstAttack });
  await store.stop();
  const model = coefficientsFor(measured, { clusters, eventsPerMonth: (rate + hot) * secondsPerMonth, intake: 'direct' });
  const per1000 = (count: number): number => (count / report.events) * 1000;
  const service = report.serviceMs.toSorted((one, other) => one - other);
  const quantile = (share: number): string => `${(service[Math.min(service.length - 1, Math.floor(share * service.length))] ?? 0).toFixed(0)} ms`;
  const rows: [string, string, string][] = [
    ['events', report.events.toLocaleString('en-US'), ''],
    ['events in a delivery', (report.events / report.deliveries).toFixed(1), model.eventsPerDelivery.toFixed(1)],
    ['write units for 1,000 events', per1000(report.writeUnits).toFixed(1), model.writeUnitsPer1000Events.toFixed(1)],
    ['read units for 1,000 events', per1000(report.readUnits).toFixed(0), model.readUnitsPer1000Events.toFixed(0)],
    ['processor seconds for 1,000 events', per1000(report.cpuSeconds).toFixed(3), model.cpuSecondsPer1000Events.toFixed(3)],
    ['writes that came too late', `${report.conflicts.toLocaleString('en-US')} of ${(report.writes + report.conflicts).toLocaleString('en-US')}`, ''],
    ['calls that failed and were made again', String(report.failed), '0'],
    ['records that could not be read', String(report.malformed), '0'],
    ['a delivery takes: half, 99 of 100, longest', [0.5, 0.99, 1].map(quantile).join(', '), ''],
    ['most writes of one item a minute', (report.hottest.writes / minutes).toFixed(1), ''],
  ];
  process.stdout.write(`${clusters.toLocaleString('en-US')} clusters, ${rate.toLocaleString('en-US')} events a second${hot > 0 ? ` and ${hot.toLocaleString('en-US')} of one service account` : ''}, ${values.functions} functions at a time\n`);
  for (const [name, played, reckoned] of [['', 'played', 'model'], ...rows] as const) process.stdout.write(`${name.padEnd(46)}${played.padEnd(28)}${reckoned}`.trimEnd() + '\n');
}

await play();
