import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedRecordError, parseAuditEvent } from '../../../lib/audit/event.ts';
import { auditRecord } from '../requests.ts';

function refusalOf(record: string): Error {
  try {
    parseAuditEvent(record);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the record was read');
}

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

describe('reads', () => {
  test('what detectors look at, and nothing else', () => {
    const event = parseAuditEvent(auditRecord({ responseObject: { data: 'x' }, level: 'Request' }));
    expect(event).toMatchObject({ verb: 'get', objectRef: { resource: 'configmaps', namespace: 'shop', name: 'cart' }, responseStatus: { code: 200 } });
    expect(event.responseObject).toBeUndefined();
    expect(parseAuditEvent(auditRecord({ responseObject: { kind: 'Pod', spec: {} } })).responseObject).toEqual({ kind: 'Pod', spec: {} });
  });

  test.each<[string, Record<string, unknown>]>([
    ['no optional field', { sourceIPs: undefined, userAgent: undefined, objectRef: undefined, responseStatus: undefined, annotations: undefined, user: {} }],
    ['fields that are null', { objectRef: null, responseStatus: null, annotations: null, impersonatedUser: null, user: { username: 'a', extra: null } }],
    ['a body that was too large for the log', { requestObject: 'skipped-too-big-size-object' }],
    ['hostile keys', { annotations: JSON.parse('{"__proto__":"x","constructor":"y"}') as unknown, user: { username: 'a', extra: JSON.parse('{"__proto__":["x"]}') as unknown } }],
    ['broken characters', { userAgent: '\ud800', verb: '\u0000' }],
  ])('an event with %s', (_, given) => { expect(parseAuditEvent(auditRecord(given)).kind).toBe('Event'); });

  test('an event nested deep in its body', () => {
    const record = auditRecord({ requestObject: 'HERE' }).replace('"HERE"', deep);
    expect(Array.isArray(parseAuditEvent(record).requestObject)).toBe(true);
  });

  test('an event whose caller chose a long audit id, and cuts that', () => {
    expect(parseAuditEvent(auditRecord({ auditID: 'x'.repeat(5000) })).auditID).toBe('x'.repeat(128));
  });
});

describe('refuses', () => {
  test.each<[string, string, string]>([
    ['nothing', '', 'the record is no JSON'],
    ['a line of text', 'I0301 09:00:00 scheduled', 'the record is no JSON'],
    ['a record that was cut off', auditRecord().slice(0, -9), 'the record is no JSON'],
    ['a record nested deep', deep, 'the record is no audit event'],
    ['null', 'null', 'the record is no audit event'],
    ['a list', '[]', 'the record is no audit event'],
  ])('%s', (_, record, message) => {
    expect(refusalOf(record)).toMatchObject({ name: 'MalformedRecordError', message });
  });

  test.each<[string, Record<string, unknown>]>([
    ['kind', { kind: 'Pod' }],
    ['apiVersion', { apiVersion: 'audit.k8s.io/v2' }],
    ['auditID', { auditID: '' }],
    ['auditID', { auditID: undefined }],
    ['stage', { stage: 'Other' }],
    ['requestURI', { requestURI: 7 }],
    ['verb', { verb: 'x'.repeat(65) }],
    ['user', { user: 'bob' }],
    ['user.username', { user: { username: ['bob'] } }],
    ['user.extra', { user: { username: 'bob', extra: { secret: 'x' } } }],
    ['sourceIPs.0', { sourceIPs: [1] }],
    ['userAgent', { userAgent: {} }],
    ['objectRef.name', { objectRef: { name: {} } }],
    ['responseStatus.code', { responseStatus: { code: '200' } }],
    ['annotations', { annotations: { secretkey: 5 } }],
    ['requestReceivedTimestamp', { requestReceivedTimestamp: '1999-01-01T00:00:00Z' }],
    ['requestReceivedTimestamp', { requestReceivedTimestamp: '2100-01-01T00:00:00Z' }],
    ['stageTimestamp', { stageTimestamp: 'yesterday' }],
    ['stageTimestamp', { stageTimestamp: `2026-03-01T09:00:00Z${' '.repeat(40)}` }],
  ])('another %s, and names the field', (field, given) => {
    expect(refusalOf(auditRecord(given)).message).toBe(`the event's field ${field} is missing or of another kind`);
  });
});

describe('says nothing of the content', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/=]{8,40}$/).filter((text) => !/kind|missing|event|field|another|record|audit|user|stage/i.test(text));
  const fields = ['kind', 'apiVersion', 'auditID', 'stage', 'requestURI', 'verb', 'user', 'impersonatedUser', 'sourceIPs', 'userAgent', 'objectRef', 'responseStatus', 'annotations', 'stageTimestamp'];
  const wrong = (text: string) => fc.constantFrom<unknown>(text, 7, [text, 7], { [text]: 7 }, { [text]: { [text]: text } }, { username: { [text]: 1 } }, { extra: { [text]: 7 } }, { name: [text] });

  test('when a field is of another kind', () => {
    const broken = secret.chain((text) => fc.tuple(fc.constant(text), fc.constantFrom(...fields), wrong(text)));
    fc.assert(fc.property(broken, ([text, field, value]) => {
      const record = auditRecord({ kind: 'Pod', [field]: value, [text]: text });
      expect(refusalOf(record)).toBeInstanceOf(MalformedRecordError);
      expect(refusalOf(record).message).not.toContain(text);
    }), { numRuns: 500 });
  });

  test('when only that field is wrong', () => {
    fc.assert(fc.property(secret, fc.constantFrom('annotations', 'objectRef', 'user', 'responseStatus'), (text, field) => {
      const value = { annotations: { [text]: 7 }, objectRef: { name: [text] }, user: { extra: { [text]: text } }, responseStatus: { code: text } }[field];
      expect(refusalOf(auditRecord({ [field]: value })).message).not.toContain(text);
    }));
  });

  test('when it is no JSON', () => {
    fc.assert(fc.property(secret, (text) => { expect(refusalOf(`{"${text}": ${text}`).message).not.toContain(text); }));
  });
});

test('refuses or reads any JSON, and breaks on none', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (record) => { expect(refusalOf(record)).toBeInstanceOf(MalformedRecordError); }));
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('user', 'objectRef', 'annotations', 'sourceIPs', 'responseStatus', 'stageTimestamp'), fc.jsonValue(), { minKeys: 1 }), (given) => {
    try {
      parseAuditEvent(auditRecord(given));
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedRecordError);
    }
  }));
});
