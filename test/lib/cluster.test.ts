import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auditLogGroup, auditLogGroupAt, clusterIdOf, clusterOfLogGroup, clusterPartsOf, commandAt, filterNameFor, isNamed, regionOfFilter } from '../../lib/cluster.ts';

const home = { account: '111122223333', region: 'eu-west-1' };
const elsewhere = '444455556666/us-east-1/prod';

/** Names as EKS takes them: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
const name = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/);
const account = fc.stringMatching(/^\d{12}$/);
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'us-gov-west-1', 'ap-southeast-4', 'cn-north-1');
const place = fc.record({ account, region: fc.option(region, { nil: undefined }) });

describe('the id of a cluster', () => {
  test.each([
    ['prod', { name: 'prod' }],
    ['prod', { name: 'prod', account: home.account }],
    ['prod', { name: 'prod', ...home }],
    ['111122223333/us-east-1/prod', { name: 'prod', account: home.account, region: 'us-east-1' }],
    ['444455556666/eu-west-1/prod', { name: 'prod', account: '444455556666', region: 'eu-west-1' }],
    ['444455556666/prod', { name: 'prod', account: '444455556666' }],
  ])('is %s of %j', (id, parts) => { expect(clusterIdOf(parts, home)).toBe(id); });

  test('is its name where nothing is known of home', () => {
    expect(clusterIdOf({ name: 'prod', account: '444455556666', region: 'eu-west-1' }, undefined)).toBe('prod');
  });

  test('says of two clusters that they are two, wherever they are', () => {
    fc.assert(fc.property(name, place, name, place, (oneName, onePlace, otherName, otherPlace) => {
      fc.pre(oneName !== otherName || onePlace.account !== otherPlace.account || (onePlace.region !== undefined && otherPlace.region !== undefined && onePlace.region !== otherPlace.region));
      expect(clusterIdOf({ name: oneName, ...onePlace }, home)).not.toBe(clusterIdOf({ name: otherName, ...otherPlace }, home));
    }));
  });

  test('says what it was made of, and the log group', () => {
    fc.assert(fc.property(name, place, (one, where) => {
      fc.pre(where.account !== home.account);
      const id = clusterIdOf({ name: one, ...where }, home);
      expect(clusterPartsOf(id)).toEqual({ name: one, account: where.account, region: where.region });
      expect(clusterOfLogGroup(auditLogGroup(id))).toBe(one);
    }));
  });
});

test.each([
  ['eu-west-1', 'tidemark-eu-west-1'],
  ['us-gov-west-1', 'tidemark-us-gov-west-1'],
  ['eusc-de-east-1', 'tidemark-eusc-de-east-1'],
  [undefined, 'tidemark-'],
  [undefined, 'tidemark-prod'],
  [undefined, 'tidemark-eu-west-1-x'],
  [undefined, 'other-eu-west-1'],
  [undefined, 'Tidemark-TidemarkIngestClusterprodFilter-x'],
])('the region %s is what the filter %s says', (said, filterName) => {
  expect(regionOfFilter(filterName)).toBe(said);
  if (said !== undefined) expect(filterNameFor(said)).toBe(filterName);
});

test.each<[boolean, string, string[]]>([
  [true, 'prod', ['prod']],
  [false, 'prod', ['staging']],
  [true, 'prod', ['*']],
  // Every cluster at home is no cluster elsewhere.
  [false, elsewhere, ['*']],
])('it is %s that %s is named by %j', (is, id, named) => { expect(isNamed(id, named)).toBe(is); });

test('a log group elsewhere is asked for by its ARN', () => {
  expect(auditLogGroupAt('prod')).toBe('/aws/eks/prod/cluster');
  expect(auditLogGroupAt(elsewhere)).toBe('arn:aws:logs:us-east-1:444455556666:log-group:/aws/eks/prod/cluster');
});

test('a command says where a cluster is, unless it is at home', () => {
  expect(commandAt('prod', 'aws eks list-clusters')).toBe('aws eks list-clusters');
  expect(commandAt(elsewhere, 'aws eks list-clusters')).toBe('aws eks list-clusters --region us-east-1 (with credentials of account 444455556666)');
});
