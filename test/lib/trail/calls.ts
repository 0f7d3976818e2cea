import type { Scope } from '../../../lib/trail/tell-call.ts';

/** A deployment that watches two clusters and takes in flow logs of one of them. */
export const scope: Scope = {
  home: { account: '123456789012', region: 'eu-west-1' },
  clusters: ['prod', 'staging'],
  logGroups: ['/vpc/prod'],
  traffic: true,
  own: ['Tidemark-TidemarkIngestHandler-AbC123', 'Tidemark-senders', 'Tidemark-TidemarkQueue-xyz', '1234abcd-12ab-34cd-56ef-1234567890ab', '0ad1ce0f-1f1e-4a5f-9c1b-5f2d2b1f2f3c'],
  ownPrefix: 'Tidemark-Tidemark',
  stack: 'Tidemark',
};

/** Who called in the events below. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export const eve = { type: 'AssumedRole', principalId: 'AROAEXAMPLE:eve', arn: 'arn:aws:sts::123456789012:assumed-role/Admin/eve', accountId: '123456789012' };

/** What CloudFormation did for a deployment with the CDK's role, as in its public examples. */
export const byCloudFormation = {
  userIdentity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE:AWSCloudFormation', arn: 'arn:aws:sts::123456789012:assumed-role/cdk-hnb659fds-cfn-exec-role-123456789012-eu-west-1/AWSCloudFormation', accountId: '123456789012', invokedBy: 'cloudformation.amazonaws.com' },
  sourceIPAddress: 'cloudformation.amazonaws.com',
  userAgent: 'cloudformation.amazonaws.com',
};

let events = 0;

/** The `detail` of an event with the fields that every management event has, and those given. */
export function detail(service: string, eventName: string, requestParameters: object | null, given: object = {}) {
  events += 1;
  return {
    eventVersion: '1.10',
    userIdentity: eve,
    eventTime: '2026-03-01T09:00:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.9',
    userAgent: 'aws-cli/2.15.30 md/awscrt#0.19.19',
    requestParameters,
    responseElements: null,
    requestID: 'ee408f36-ea01-422b-ac14-b0f147c68334',
    eventID: `3c4226b0-1e81-48a8-a333-${String(events).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '123456789012',
    eventCategory: 'Management',
    ...given,
  };
}

/** The event as EventBridge delivers it. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function delivered(one: { eventSource: string; eventTime: string }) {
  return { version: '0', id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718', 'detail-type': 'AWS API Call via CloudTrail', source: `aws.${one.eventSource.split('.')[0] ?? ''}`, account: '123456789012', time: one.eventTime, region: 'eu-west-1', resources: [], detail: one };
}

/** Sources: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html */
export function loggingChange(enabled: boolean, types = ['audit', 'api'], name = 'prod') {
  return detail('eks', 'UpdateClusterConfig', { name, logging: { clusterLogging: [{ types, enabled }] } });
}
