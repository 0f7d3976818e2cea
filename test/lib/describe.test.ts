import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addActivity, addTrait, advance, countThing, newBaseline, quarantine, traitKey } from '../../lib/baseline/baseline.ts';
import { encodeIdentity, UnreadableStateError } from '../../lib/baseline/codec.ts';
import { describeBaseline } from '../../lib/describe.ts';
import { identityKey } from '../../lib/engine/state-keys.ts';
import { MemoryStateStore } from '../../lib/memory-stores.ts';
import { newEpisode, noteSeverity, addEvidence, addSignal } from '../../lib/scoring/episode.ts';
import { windowOf } from '../../lib/time.ts';
import { alice, monday } from './requests.ts';
import { evidence, hostileText, signal } from './states.ts';

const start = windowOf(monday);

/** Alice over twelve windows of a Monday morning, in which she reads ten secrets each. */
function morning() {
  const baseline = newBaseline(alice, start);
  for (let window = start; window < start + 12; window++) {
    addActivity(baseline, window);
    advance(baseline, window, () => false);
    for (const feature of ['new-network|203.0.113.0/24', 'habit|get pods in a namespace']) addTrait(baseline, feature, window);
    for (let index = 0; index < 10; index++) countThing(baseline, 'secrets-breadth', { window, thing: `${String(window)} ${String(index)}` });
  }
  addTrait(baseline, 'exec|shop', start + 1);
  return baseline;
}

async function described(baseline = morning(), episode = undefined as ReturnType<typeof newEpisode> | undefined): Promise<string> {
  const store = new MemoryStateStore();
  await store.write(identityKey('prod', alice.id), encodeIdentity({ baseline, episode }), 0);
  return (await describeBaseline(store, 'prod', alice.id)) ?? 'nothing';
}

describe('describes', () => {
  test('who it is and since when it is known', async () => {
    const text = await described();
    expect(text).toContain(`${alice.id} in cluster prod\nperson, peers: ${alice.peerGroup};`);
    expect(text).toMatch(/seen since 2026-03-02 09:00, last between 2026-03-02 and 2026-03-0\d, in about 1\d windows of ten minutes/);
  });

  test('where it comes from first, then its acts, then ordinary things', async () => {
    const text = await described();
    const places = ['Networks:\n  203.0.113.0/24  (since 2026-03-02 09:00, last between 2026-03-02 and 2026-03-0', 'exec', '  shop  (since 2026-03-02 09:10, last between 2026-03-02 and 2026-03-0', 'What it does:\n  get pods in a namespace', '  secrets-breadth: 10.0 on average, at most 10'].map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  test('the hours of weekdays and weekends, a character each', async () => {
    const text = await described();
    expect(/weekdays {2}(.*)/.exec(text)?.[1]).toMatch(/^ {9}██?. {13,14}$/u);
    expect(/weekends {2}(.*)/.exec(text)?.[1]).toBe(' '.repeat(24));
  });

  test('what was reported and is not learned', async () => {
    const baseline = morning();
    quarantine(baseline, 'exec|shop', start + 1);
    const episode = newEpisode(monday, start);
    addSignal(episode, signal({ decades: 5 }));
    addEvidence(episode, evidence(), monday);
    noteSeverity(episode, 'medium', monday);
    const text = await described(baseline, episode);
    expect(text).toContain('an episode of severity medium is open');
    expect(text).toContain('reported and not learned');
  });

  test('a few values of many, and how many more there are', async () => {
    const baseline = morning();
    for (let index = 0; index < 50; index++) addTrait(baseline, `secret-read|shop/${String(index)}`, start);
    const text = await described(baseline);
    expect(text.split('\n').filter((line) => line.startsWith('  shop/'))).toHaveLength(12);
    expect(text).toContain('  and 38 more');
  });
});

test('shows no character by which a trait could mislead', async () => {
  await fc.assert(fc.asyncProperty(fc.array(hostileText, { maxLength: 5 }), async (values) => {
    const baseline = morning();
    for (const value of values) addTrait(baseline, traitKey('impersonation', value), start);
    expect((await described(baseline)).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }), { numRuns: 30 });
});

test('describes nothing of whom it does not know', async () => {
  expect(await describeBaseline(new MemoryStateStore(), 'prod', 'nobody')).toBeUndefined();
});

test('says so when the item cannot be read', async () => {
  const store = new MemoryStateStore();
  await store.write(identityKey('prod', 'x'), new Uint8Array([9]), 0);
  await expect(describeBaseline(store, 'prod', 'x')).rejects.toThrow(UnreadableStateError);
});
