import { describe, expect, test } from '@jest/globals';
import { readCall, textsOf, UnreadableCallError } from '../../../lib/trail/call.ts';
import { byCloudFormation, detail } from './calls.ts';

describe('a call', () => {
  test('is read from what CloudTrail records', () => {
    expect(readCall(detail('lambda', 'DeleteFunction20150331', { functionName: 'cart' }))).toEqual({
      id: expect.stringMatching(/^3c4226b0-/),
      time: Date.parse('2026-03-01T09:00:00Z'),
      service: 'lambda.amazonaws.com',
      name: 'DeleteFunction',
      caller: 'arn:aws:sts::123456789012:assumed-role/Admin/eve',
      sourceAddress: '203.0.113.9',
      userAgent: 'aws-cli/2.15.30 md/awscrt#0.19.19',
      errorCode: undefined,
      through: undefined,
      parameters: { functionName: 'cart' },
    });
  });

  test.each([['UpdateFunctionCode20150331v2', 'UpdateFunctionCode'], ['PutFunctionConcurrency20171031', 'PutFunctionConcurrency'], ['DeleteAlarms', 'DeleteAlarms']])('%s is named %s', (name, expected) => {
    expect(readCall(detail('lambda', name, null)).name).toBe(expected);
  });

  test('tells which service made it, which no caller can pretend', () => {
    expect(readCall(detail('lambda', 'DeleteFunction20150331', null, byCloudFormation)).through).toBe('cloudformation.amazonaws.com');
    expect(readCall(detail('lambda', 'DeleteFunction20150331', null, { userAgent: 'cloudformation.amazonaws.com' })).through).toBeUndefined();
  });

  test.each([
    [{ type: 'AWSService', invokedBy: 'eks.amazonaws.com' }, 'eks.amazonaws.com'],
    [{ type: 'Unknown', principalId: 'x', accountId: '123456789012' }, 'x'],
    [{ type: 'Unknown' }, 'Unknown'],
    [{}, 'unknown'],
  ])('of %j is of %s', (userIdentity, caller) => {
    expect(readCall(detail('sns', 'Unsubscribe', null, { userIdentity })).caller).toBe(caller);
  });

  test.each([
    [undefined, 'detail'],
    ['text', 'detail'],
    [{}, 'eventID'],
    [detail('eks', 'DeleteCluster', null, { eventID: 7 }), 'eventID'],
    [detail('eks', 'DeleteCluster', null, { eventTime: 'yesterday' }), 'eventTime'],
    [detail('eks', 'DeleteCluster', null, { eventTime: '0001-01-01T00:00:00Z' }), 'eventTime'],
    [detail('eks', 'DeleteCluster', null, { userIdentity: 'eve' }), 'userIdentity'],
    [detail('eks', 'DeleteCluster', null, { requestParameters: 'prod' }), 'requestParameters'],
  ])('is not read from %j, and the reason quotes nothing of it', (value, field) => {
    expect(() => readCall(value)).toThrow(UnreadableCallError);
    expect(() => readCall(value)).toThrow(`the event's field ${field} is missing or of another kind`);
  });
});

describe('texts of parameters', () => {
  test('are found at any depth, decoded', () => {
    expect(textsOf({ DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0b99f482856f6f98b', tag: 1 } }, principalArn: 'arn%3Aaws%3Aiam%3A%3A012345678901%3Arole%2Fx', list: ['100%'] })).toEqual(['fl-0b99f482856f6f98b', 'arn:aws:iam::012345678901:role/x', '100%']);
  });

  test('are bounded', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 10_000; depth++) deep = [deep];
    expect(textsOf(deep)).toEqual([]);
    expect(textsOf(Array.from({ length: 10_000 }, () => 'x')).length).toBeLessThan(1000);
  });
});
