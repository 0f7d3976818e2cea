import type { IdentityState } from '../baseline/codec.ts';
import type { Group, Vote } from '../baseline/group.ts';
import type { Finding } from '../finding.ts';
import type { Lead, Leads } from '../scoring/leads.ts';
import type { Held } from './state-items.ts';

/** All that one delivery works on. */
export interface Work {
  readonly cluster: string;
  readonly identities: Map<string, Held<IdentityState>>;
  readonly groups: Map<string, Held<Group>>;
  leads: Held<Leads>;
  /** Not saved yet, by what they lead to. */
  readonly newLeads: Map<string, Lead>;
  /** Not saved yet, by key of the group. */
  readonly votes: Map<string, Vote[]>;
  /** Keys of identities with something to save. */
  readonly changed: Set<string>;
  /** Findings of episodes that ended within the delivery, not written yet, by key of the identity. */
  readonly ended: Map<string, Finding[]>;
}
