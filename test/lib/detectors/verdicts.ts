import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../lib/audit/request.ts';
import { traitKey } from '../../../lib/baseline/baseline.ts';
import type { ActDetector, BreadthDetector, OriginDetector } from '../../../lib/detectors/detector.ts';
import { apiRequest, command } from '../requests.ts';

type Given = Partial<ApiRequest>;

/** Requests by what they are, each with what the detector is to say of it. */
interface Cases<Verdict> {
  readonly hits: readonly (readonly [title: string, given: Given, verdict: Verdict])[];
  readonly misses: readonly (readonly [title: string, given: Given])[];
}

/** Tests a detector of acts: the verdicts are the values of its acts, after the grade where there is one. */
export function testActs(detector: ActDetector, { hits, misses }: Cases<readonly string[]>): void {
  describe(detector.id, () => {
    for (const [title, given, values] of hits) {
      test(`reports ${title}`, () => { expect(detector.detect(apiRequest(given)).map(({ grade, value }) => (grade === undefined ? value : `${grade}: ${value}`))).toEqual(values); });
    }
    for (const [title, given] of misses) {
      test(`leaves ${title}`, () => { expect(detector.detect(apiRequest(given))).toEqual([]); });
    }
    test.each(hostile)('gives usable acts for %s', (_, replaced) => {
      for (const { value, prior, words } of hits.flatMap(([, given]) => detector.detect(apiRequest({ ...given, ...replaced })))) {
        expect(traitKey(detector.id, value).length).toBeLessThanOrEqual(100);
        expect(prior > 0 && prior <= 1 && words !== '').toBe(true);
      }
    });
  });
}

/** Tests a detector that counts: requests with the same item count once. */
export function testBreadth(detector: BreadthDetector, { hits, misses }: Cases<string>): void {
  describe(detector.id, () => {
    for (const [title, given, item] of hits) {
      test(`counts ${title}`, () => { expect(detector.item(apiRequest(given))).toBe(item); });
    }
    for (const [title, given] of misses) {
      test(`leaves ${title}`, () => { expect(detector.item(apiRequest(given))).toBeUndefined(); });
    }
    test.each(hostile)('counts nothing or a text for %s', (_, replaced) => {
      for (const [, given] of hits) expect(typeof detector.item(apiRequest({ ...given, ...replaced }))).toMatch(/^(string|undefined)$/);
    });
    test('says a count in words', () => {
      expect(detector.words(1234)).toContain('1234');
    });
  });
}

/** Tests a detector of origins: requests with the same value come from the same place. */
export function testOrigin(detector: OriginDetector, hits: Cases<string>['hits']): void {
  describe(detector.id, () => {
    for (const [title, given, value] of hits) {
      test(`gives ${value} for ${title}`, () => { expect(detector.value(apiRequest(given))).toBe(value); });
    }
    test('says a value in words', () => {
      expect(detector.words('somewhere')).toContain('somewhere');
    });
  });
}

const long = 'a'.repeat(1_000_000);
const ugly = '\u202e\u0000\ud800|\n\u001b[31m%00../..';

/** Bodies that are none. A refused request has none; one too large for the log comes as a text. */
export const brokenBodies: readonly (readonly [string, unknown])[] = [
  ['no body', undefined],
  ['null as body', null],
  ['a text as body', 'skipped-too-big-size-object'],
  ['a number as body', 7],
  ['a list as body', [{ op: 'add', path: '/spec' }]],
  ['fields of other types', { spec: 'x', metadata: 3, rules: 'x', subjects: {}, roleRef: [] }],
  ['fields that are null', { spec: null, metadata: null, rules: null, subjects: null, roleRef: null }],
  ['nulls further down', { spec: { containers: [null], template: null, jobTemplate: { spec: null }, volumes: [null], type: null }, rules: [null], subjects: [null], roleRef: { name: null } }],
  ['numbers further down', { spec: { containers: 1, initContainers: [2], volumes: 3, hostPID: 'true', type: 4 }, rules: [5], subjects: [6], roleRef: { name: 7 } }],
  ['a body of a megabyte', { spec: { containers: [{ image: long }], type: long }, roleRef: { name: long } }],
  ['a body nested 100,000 deep', { spec: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown }],
];

/** What replaces parts of a request that is reported, to see that nothing breaks. */
const hostile: readonly (readonly [string, Given])[] = [
  ...brokenBodies.map(([title, body]) => [title, { body }] as const),
  ['hostile names', { name: ugly, namespace: ugly, path: ugly, query: command(ugly) }],
  ['names of a megabyte', { name: long, namespace: long, path: `/${long}`, query: command(long) }],
  ['empty names', { name: '', namespace: '', path: '', query: command() }],
  ['a resource nobody knows', { resource: `x/${ugly}`, verb: ugly }],
];
