import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOnlyMarked, writtenObject } from '../../../lib/audit/body.ts';

const step = (op: unknown, path: unknown, value?: unknown) => ({ op, path, value });

test('a JSON patch becomes the object that it writes', () => {
  expect(writtenObject([step('add', '/spec/containers/-', { image: 'x' }), step('replace', '/metadata/labels/a~1b', 'c')])).toEqual({ spec: { containers: [{ image: 'x' }] }, metadata: { labels: { 'a/b': 'c' } } });
});

test('what a JSON patch takes away is null', () => {
  expect(writtenObject([step('remove', '/metadata/labels/a'), step('move', '/spec/tls'), step('test', '/spec/x', 1)])).toEqual({ metadata: { labels: { a: null } }, spec: { tls: null } });
});

test('taking something away from a list leaves what is added to it', () => {
  expect(writtenObject([step('add', '/webhooks/-', { name: 'x' }), step('remove', '/webhooks/0')])).toEqual({ webhooks: [{ name: 'x' }] });
});

test('steps that are none are left, and other bodies stay', () => {
  expect(writtenObject([7, null, 'x', step('add', 7), step(7, '/x'), step('add', '')])).toEqual({});
  expect(writtenObject({ spec: 1 })).toEqual({ spec: 1 });
  expect(writtenObject(undefined)).toBeUndefined();
});

test('a patch reaches nothing but its own object', () => {
  const reach = (...paths: string[]) => writtenObject(paths.flatMap((path) => [step('add', '/a', {}), step('add', path, 'reached')]));
  expect(Object.keys(reach('/a/__proto__/reached') as object)).toEqual(['a']);
  reach('/__proto__/reached', '/a/constructor/prototype/reached', '/b/-/__proto__/reached', '/__proto__/__proto__/reached');
  expect('reached' in {}).toBe(false);
  expect('reached' in []).toBe(false);
});

test('breaks on no patch', () => {
  const steps = fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'move'), path: fc.array(fc.constantFrom('a', '0', '-', '__proto__', 'constructor')).map((parts) => `/${parts.join('/')}`), value: fc.jsonValue() });
  fc.assert(fc.property(fc.array(steps), (patch) => { expect(typeof writtenObject(patch)).toBe('object'); }));
});

test('knows patches that write nothing but labels and annotations', () => {
  const bodies = [{ metadata: { annotations: { a: 'b' } } }, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', labels: {} } }, writtenObject([step('add', '/metadata/labels/a', 'b')])];
  expect(bodies.map(isOnlyMarked)).toEqual([true, true, true]);
  const others = [undefined, null, 'x', [], {}, { metadata: null }, { metadata: { finalizers: null } }, { metadata: {}, spec: {} }, writtenObject([step('add', '/metadata/labels/a', 'b'), step('remove', '/webhooks/0')])];
  expect(others.filter(isOnlyMarked)).toEqual([]);
});
