import { isOnlyMarked } from '../audit/body.ts';
import { objectName } from '../audit/pod-spec.ts';
import { isCreation, type ApiRequest } from '../audit/request.ts';
import { kindWords } from '../audit/words.ts';
import type { Category } from '../finding.ts';
import type { ActDetector } from './detector.ts';

/** What tells a change to one sort of object. */
export interface Change {
  readonly id: string;
  readonly category: Category;
  readonly techniques: readonly string[];
  readonly check: string;
  readonly innocent: string;
  readonly resource: RegExp;
  /** `create` stands for server-side apply of something new as well. */
  readonly verbs: readonly ('create' | 'update' | 'patch' | 'delete' | 'deletecollection')[];
  readonly prior: number;
  /** The object in words: `a network policy`. */
  readonly words: string;
  /** A form that is graver than the rest. */
  readonly grave?: { readonly grade: string; readonly prior: number; readonly words: string; readonly when: (request: ApiRequest) => boolean };
  /** What else must hold. */
  readonly when?: (request: ApiRequest) => boolean;
}

/** Verbs that write. */
export const anyWrite = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/**
 * Makes the detector of a change. A change that was refused counts as an attempt, which is more often innocent; labels
 * and annotations alone change nothing.
 */
export function changeDetector({ id, category, techniques, check, innocent, resource, verbs, prior, words, grave, when }: Change): ActDetector {
  const wanted: ReadonlySet<string> = new Set(verbs);
  return {
    kind: 'act',
    id,
    category,
    techniques,
    check,
    innocent,
    detect(request) {
      const verb = isCreation(request) ? 'create' : request.verb;
      if (request.outcome === 'missing' || request.outcome === 'failed' || !wanted.has(verb) || !resource.test(request.resource) || !(when?.(request) ?? true)) return [];
      if (verb === 'patch' && isOnlyMarked(request.body)) return [];
      const refused = request.outcome === 'refused';
      const form = grave?.when(request) ? grave : { prior, words };
      const name = objectName(request);
      const object = `${verb === 'deletecollection' ? kindWords(request.resource) : form.words}${name === '' ? '' : ` (${name})`}${request.namespace === '' ? '' : ` in ${request.namespace}`}`;
      return [{
        value: `${verb} ${request.resource} ${request.namespace}${refused ? '(refused)' : ''}`,
        ...('grade' in form ? { grade: form.grade } : {}),
        prior: refused ? Math.min(0.3, form.prior * 10) : form.prior,
        words: refused ? `tried to ${present[verb] ?? verb} ${object} and was refused` : `${past[verb] ?? verb} ${object}`,
      }];
    },
  };
}

const past: Record<string, string> = { create: 'created', update: 'changed', patch: 'changed', delete: 'deleted', deletecollection: 'deleted all' };
const present: Record<string, string> = { update: 'change', patch: 'change', deletecollection: 'delete all' };
