import { expect, test } from '@jest/globals';
import { newBaseline } from '../../../lib/baseline/baseline.ts';
import { tellStory } from '../../../lib/scoring/story.ts';
import { alice, cart } from '../requests.ts';
import { episodeOf, evidence, signal } from '../states.ts';

test('what one signal says beside another holds in a story too', () => {
  const all = signal({ key: 'secret-read|all' });
  const some = signal({ key: 'secret-read|shop', impliedBy: [all.key], toldBy: [all.key] });
  const own = episodeOf([signal()], [evidence()]);
  const teller = { baseline: newBaseline(alice, 0), episode: own };
  expect(tellStory(teller, own, { identity: cart.id, episode: episodeOf([all, some], [evidence({ auditId: 'b' })]), time: 0 })).toBe(true);
  const told = own.signals.get(`${cart.id} ${some.key}`);
  expect(told).toMatchObject({ by: cart.id, impliedBy: [`${cart.id} ${all.key}`], toldBy: [`${cart.id} ${all.key}`] });
  expect(own.signals.has(told?.toldBy?.[0] ?? '')).toBe(true);
});
