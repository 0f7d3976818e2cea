import type { Coefficients } from './cost-model.ts';

/**
 * What `npm run scale` printed of DynamoDB Local for recorded clusters: alpha's fourteen days, its first day with each event ten times, and a hundred times. Print it
 * anew and put the figures here when the engine or what it stores changes.
 */
export const measured: readonly Coefficients[] = [
  { eventsPerSecond: 0.1, writeUnitsPer1000Events: 50, readUnitsPer1000Events: 1050, cpuSecondsPer1000Events: 0.38, bytesPerEvent: 247, eventsPerDelivery: 7.7 },
  { eventsPerSecond: 1, writeUnitsPer1000Events: 25, readUnitsPer1000Events: 343, cpuSecondsPer1000Events: 0.11, bytesPerEvent: 129, eventsPerDelivery: 61.5 },
  { eventsPerSecond: 10.2, writeUnitsPer1000Events: 2.8, readUnitsPer1000Events: 36.3, cpuSecondsPer1000Events: 0.058, bytesPerEvent: 100, eventsPerDelivery: 610 },
];
