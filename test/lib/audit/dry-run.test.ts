import { describe, expect, test } from '@jest/globals';
import { isDryRun } from '../../../lib/audit/dry-run.ts';
import { apiRequest } from '../requests.ts';

const asked = (verb: string, resource: string, query = 'dryRun=All') => isDryRun(apiRequest({ verb, resource, query: new URLSearchParams(query) }));

describe('takes as only tried out', () => {
  test.each([
    ['create', 'apps/deployments'],
    ['patch', 'apps/deployments'],
    ['update', 'configmaps'],
    ['delete', 'secrets'],
    ['deletecollection', 'pods'],
    ['create', 'pods/eviction'],
  ])('%s %s with dryRun=All', (verb, resource) => { expect(asked(verb, resource)).toBe(true); });
});

describe('is not misled by dryRun=All on', () => {
  test.each([
    ['get', 'secrets'],
    ['list', 'secrets'],
    ['get', 'pods/exec'],
    ['create', 'pods/exec'],
    ['create', 'pods/portforward'],
    ['create', 'services/proxy'],
    ['create', 'serviceaccounts/token'],
    ['create', 'authorization.k8s.io/selfsubjectrulesreviews'],
    ['delete', 'nodes/proxy'],
  ])('%s %s, which ignores it', (verb, resource) => { expect(asked(verb, resource)).toBe(false); });

  test.each(['', 'dryRun', 'dryRun=', 'dryRun=None', 'dryrun=All', 'x=dryRun=All'])('a change with the query "%s", which is refused or done', (query) => {
    expect(asked('delete', 'secrets', query)).toBe(false);
  });
});
