import { eventDeletion } from '../../../lib/detectors/event-deletion.ts';
import { testActs } from './verdicts.ts';

const events = { verb: 'deletecollection', resource: 'events', namespace: 'shop', name: '' } as const;

testActs(eventDeletion, {
  hits: [
    ['all of a namespace', events, ['deletecollection events shop']],
    ['one by the newer group', { ...events, verb: 'delete', resource: 'events.k8s.io/events', name: 'x' }, ['delete events.k8s.io/events shop']],
  ],
  misses: [
    ['events written', { ...events, verb: 'create' }],
    ['events read', { ...events, verb: 'list' }],
    ['another group\'s kind', { ...events, resource: 'eventing.knative.dev/events' }],
  ],
});
