import { credentialAttacks } from './credentials.ts';
import { discoveryAttacks } from './discovery.ts';
import { entryAttacks } from './entries.ts';
import { evasionAttacks } from './evasion.ts';
import { executionAttacks } from './execution.ts';
import { impactAttacks } from './impact.ts';
import { persistenceAttacks } from './persistence.ts';
import type { Attack } from './stage.ts';
import { stories } from './stories.ts';

/** Attacks of one identity by kind. A new one is an entry in one of these. */
export const soloAttacks: Readonly<Record<string, Attack>> = { ...credentialAttacks, ...entryAttacks, ...discoveryAttacks, ...executionAttacks, ...persistenceAttacks, ...evasionAttacks, ...impactAttacks };

/** All attacks by kind. */
export const attacks: Readonly<Record<string, Attack>> = { ...soloAttacks, ...stories };
