import { scheduledJobChange } from '../../../lib/detectors/scheduled-job-change.ts';
import { testActs } from './verdicts.ts';

const job = { verb: 'create', resource: 'batch/cronjobs', namespace: 'shop', name: 'x', code: 201 } as const;

testActs(scheduledJobChange, {
  hits: [
    ['one made', job, ['create batch/cronjobs shop']],
    ['one made by an apply on the server\'s side', { ...job, verb: 'patch' }, ['create batch/cronjobs shop']],
    ['one changed', { ...job, verb: 'patch', code: 200 }, ['patch batch/cronjobs shop']],
  ],
  misses: [
    ['one deleted', { ...job, verb: 'delete', code: 200 }],
    ['its state written', { ...job, verb: 'update', resource: 'batch/cronjobs/status', code: 200 }],
    ['a job', { ...job, resource: 'batch/jobs' }],
  ],
});
