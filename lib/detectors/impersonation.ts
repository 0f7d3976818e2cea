import type { ActDetector } from './detector.ts';

/** Somebody acts as somebody else. */
export const impersonation: ActDetector = {
  kind: 'act',
  id: 'impersonation',
  category: 'privilege-escalation',
  techniques: ['T1078', 'T1134'],
  check: 'Find out why it acts in another name, and who gave it the right to impersonate',
  innocent: 'An administrator who tries out what a colleague\'s rights allow.',
  detect({ impersonated, impersonatedGroups }) {
    if (impersonated === undefined) return [];
    if (impersonatedGroups.includes('system:masters')) return [{ value: impersonated, grade: 'masters', prior: 0.0005, words: `acted as ${impersonated}, with all rights (system:masters)` }];
    const words = `acted as ${impersonated}`;
    // Who needs a controller's rights asks for them: no honest tool borrows its name.
    if (impersonated.startsWith('system:')) return [{ value: impersonated, grade: 'system', prior: 0.0003, words }];
    return [{ value: impersonated, prior: 0.05, words }];
  },
};
