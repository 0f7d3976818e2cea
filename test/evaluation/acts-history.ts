import type { AuditEvent } from '../../lib/audit/event.ts';
import { networkOf } from '../../lib/audit/network.ts';
import { userAgentOf } from '../../lib/audit/user-agent.ts';
import { identityOf, type Identity, type IdentityKind } from '../../lib/identity.ts';
import type { Act, Recording } from './acts-recording.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A Monday. */
const beginsAt = Date.UTC(2026, 2, 2);
/** Two weeks of history; on the morning after them the acts are done. */
export const actsAt = beginsAt + 14 * dayMs + 11 * hourMs + 2 * minuteMs;
const endsAt = actsAt - hourMs;

/** How often an identity is active: about what recorded clusters show in two weeks (people in 45 windows, workloads in 700). */
const minutesBetween: Record<IdentityKind, number> = {
  person: 125,
  user: 125,
  role: 125,
  'service-account': 30,
  node: 60,
  'control-plane': 60,
  anonymous: 60,
  'failed-authentication': 60,
};
const keepsOfficeHours: ReadonlySet<IdentityKind> = new Set(['person', 'user', 'role']);

/** What one identity does again and again. */
export interface Habit {
  readonly identity: Identity;
  readonly events: readonly AuditEvent[];
}

/** Where an identity's history comes from: its own events, those of one alike, or nowhere, because it is new. */
export type Origin = 'own' | 'lent' | 'none';

/** What the identities of a recording do every day, by identity. */
export interface EverydayLife {
  readonly habits: ReadonlyMap<string, Habit>;
  originOf(identity: string): Origin;
}

/**
 * Finds what each identity does every day: what is not labelled; its routine, if it does no hit or nothing else is
 * known of it; and if it does near acts alone, what one of its like does. Who is only there to do hits is new.
 */
export function everydayLife({ acts, unlabelled }: Recording): EverydayLife {
  const acting = new Set(acts.filter(({ group }) => group === 'hit').map(({ identity }) => identity.id));
  const busy = new Set(unlabelled.map((event) => identityOf(event).id));
  const daily = acts.filter(({ group, identity: { id } }) => group === 'routine' && (!acting.has(id) || !busy.has(id)));
  const habits = habitsOf([...unlabelled, ...daily.flatMap(({ events, consequences }) => [...events, ...consequences])]);
  const own = new Set(habits.keys());
  for (const act of acts) {
    if (act.group !== 'near' || acting.has(act.identity.id) || habits.has(act.identity.id)) continue;
    const lender = [...habits.values()].filter(({ identity }) => own.has(identity.id) && identity.kind === act.identity.kind);
    const nearest = lender.find(({ identity }) => identity.peerGroup === act.identity.peerGroup) ?? lender[0];
    if (nearest) habits.set(act.identity.id, { identity: act.identity, events: nearest.events.map((event) => dressedAs(act, event)) });
  }
  return { habits, originOf: (id) => (own.has(id) ? 'own' : habits.has(id) ? 'lent' : 'none') };
}

/** Adds acts to what their identity does every day. */
export function habitWith({ habits }: EverydayLife, acts: readonly [Act, ...Act[]]): Habit {
  const [{ identity }] = acts;
  return { identity, events: [...(habits.get(identity.id)?.events ?? []), ...acts.flatMap(({ events }) => events)] };
}

/**
 * Adds to what everybody does every day his own near acts, done from where and with what he is usually seen: in such
 * a cluster innocent oddities are not the first of their kind.
 */
export function livelyHabits({ habits }: EverydayLife, acts: readonly Act[]): Habit[] {
  const near = Map.groupBy(acts.filter(({ group }) => group === 'near'), ({ identity }) => identity.id);
  return [...habits.values()].map(({ identity, events }) => {
    const places = new Set(events.map(placeOf));
    const usual = (near.get(identity.id) ?? []).flatMap((act) => act.events).filter((event) => places.has(placeOf(event)));
    return { identity, events: [...events, ...usual] };
  });
}

/** Gives the deliveries in which two weeks of habits come, hour after hour. */
export function* twoWeeksOf(habits: Iterable<Habit>): Generator<AuditEvent[]> {
  const all = [...habits];
  for (let hour = beginsAt; hour < endsAt; hour += hourMs) {
    const events = all.flatMap((habit) => [...timesIn(hour, habit.identity)].flatMap((time) => copyOf(habit.events, time)));
    if (events.length > 0) yield events;
  }
}

/** Moves events to another time, as they followed each other; what happens often then has an audit id of its own. */
export function copyOf(events: readonly AuditEvent[], time: number, isRepeated = true): AuditEvent[] {
  const first = Math.min(...events.map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp)));
  return events.map((event) => ({
    ...event,
    auditID: isRepeated ? `${event.auditID}-${time.toString(36)}` : event.auditID,
    requestReceivedTimestamp: shifted(event.requestReceivedTimestamp, time - first),
    stageTimestamp: shifted(event.stageTimestamp, time - first),
  }));
}

/** When an identity begins to do what it does, within an hour: at minutes of its own, early in a window. */
function* timesIn(hour: number, { id, kind }: Identity): Generator<number> {
  const every = minutesBetween[kind];
  const phase = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1009, 7);
  const isWorkday = new Date(hour).getUTCDay() % 6 !== 0;
  const hourOfDay = new Date(hour).getUTCHours();
  if (keepsOfficeHours.has(kind) && (!isWorkday || hourOfDay < 8 || hourOfDay >= 17)) return;
  const from = (hour - beginsAt) / minuteMs;
  for (let minute = Math.ceil((from - (phase % every)) / every) * every + (phase % every); minute < from + 60; minute += every) {
    const early = minute - (minute % 10) + (phase % 5);
    yield beginsAt + early * minuteMs;
  }
}

/** The same thing twice is left out: an hour's copies of a busy half minute say it often enough. */
function habitsOf(events: readonly AuditEvent[]): Map<string, Habit> {
  const habits = new Map<string, { identity: Identity; events: AuditEvent[] }>();
  const seen = new Set<string>();
  for (const event of events) {
    const identity = identityOf(event);
    const what = JSON.stringify([identity.id, event.verb, event.requestURI, event.stage, event.responseStatus?.code, event.sourceIPs?.[0], event.userAgent]);
    if (seen.has(what)) continue;
    seen.add(what);
    const habit = habits.get(identity.id) ?? { identity, events: [] };
    habit.events.push(event);
    habits.set(identity.id, habit);
  }
  return habits;
}

/** An event as if it were of whoever did an act, from there and with that program. */
function dressedAs({ events: [own] }: Act, event: AuditEvent): AuditEvent {
  return own ? { ...event, user: own.user, sourceIPs: own.sourceIPs, userAgent: own.userAgent } : event;
}

function placeOf({ sourceIPs, userAgent }: AuditEvent): string {
  return JSON.stringify([networkOf(sourceIPs?.[0]).block, userAgentOf(userAgent).family]);
}

function shifted(timestamp: string, milliseconds: number): string {
  const moved = new Date(Date.parse(timestamp) + milliseconds).toISOString();
  // The API server writes microseconds; they keep requests of one millisecond in order.
  return `${moved.slice(0, 23)}${timestamp.length > 24 ? timestamp.slice(23) : 'Z'}`;
}
