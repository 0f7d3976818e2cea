import { credentialAccess } from './rows/credential-access.ts';
import { discovery } from './rows/discovery.ts';
import { lateralMovement } from './rows/lateral-movement.ts';
import { privilegeEscalation } from './rows/privilege-escalation.ts';
import { persistence } from './rows/persistence.ts';
import { defenceEvasion } from './rows/defence-evasion.ts';
import { execution } from './rows/execution.ts';
import { exfiltrationEgress } from './rows/exfiltration-egress.ts';
import { impact } from './rows/impact.ts';
import { initialAccess } from './rows/initial-access.ts';
import { extra } from './rows/extra.ts';
import type { Row } from './row.ts';

/** All rows by category. The categories of `lib/finding.ts` are a finding's; these are those of the peers. */
export const rowsByCategory: Readonly<Record<string, readonly Row[]>> = {
  'credential-access': credentialAccess,
  discovery,
  'lateral-movement': lateralMovement,
  'privilege-escalation': privilegeEscalation,
  persistence,
  'defence-evasion': defenceEvasion,
  execution,
  'exfiltration-egress': exfiltrationEgress,
  impact,
  'initial-access': initialAccess,
  extra,
};

/** All rows. */
export const rows: readonly Row[] = Object.values(rowsByCategory).flat();
