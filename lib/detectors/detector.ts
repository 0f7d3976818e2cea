import type { ApiRequest } from '../audit/request.ts';
import type { Category } from '../finding.ts';
import type { IdentityKind } from '../identity.ts';

/** Something a request does that can be evidence: said when it is out of character for who does it. */
export interface Act {
  /** What was acted on, as far as it matters for being usual: the same value again is the same act. */
  readonly value: string;
  /** A grave form of the act, which is learned apart: who is known for the plain form is not known for this. */
  readonly grade?: string;
  /** How likely this is the next new thing of an identity, when nobody in the cluster has ever done it. */
  readonly prior: number;
  /** Whether it is judged of nodes and built-in controllers too, which do most things for others. */
  readonly ownBehalf?: true;
  /** Values that say the same and more: who is known for one of them is known for this. */
  readonly impliedBy?: readonly string[];
  /** The act in words that complete "it …": `opened a shell in a pod of payments`. */
  readonly words: string;
}

/** What a detector says of itself. */
interface Described {
  /** Unique; the file's name. */
  readonly id: string;
  readonly category: Category;
  /** MITRE ATT&CK techniques. */
  readonly techniques: readonly string[];
  /** What a person should look at. */
  readonly check: string;
  /** What to look at instead where such an identity did it. */
  readonly checkBy?: Readonly<Partial<Record<IdentityKind, string>>>;
  /** What honest thing looks the same. */
  readonly innocent: string;
}

/** Finds single acts. A pure function of one request; the baseline decides how surprising the act is. */
export interface ActDetector extends Described {
  readonly kind: 'act';
  /** Whether it matters who in the whole cluster has done it, not only who of its like. */
  readonly ofCluster?: true;
  detect(request: ApiRequest): readonly Act[];
}

/** Counts distinct things within a window; the baseline decides how many are too many. */
export interface BreadthDetector extends Described {
  readonly kind: 'breadth';
  /** Whether it counts in full of an identity that has only just appeared: nothing honest begins so. */
  readonly evenOfNewcomers?: true;
  /** How many there must be at least; a handful, if absent. */
  readonly least?: number;
  /** How many in ten minutes are usual before anything is known. */
  readonly prior: { readonly mean: number; readonly variance: number };
  /** Says a count in words that complete "it …": `read 14 different secrets`. */
  words(count: number): string;
  /** What the request adds to the count: a text that is the same for the same thing, or `undefined` for nothing. */
  item(request: ApiRequest): string | undefined;
}

/** Looks at where a request comes from and with what. Such evidence adds to what is done, and seldom speaks alone. */
export interface OriginDetector extends Described {
  readonly kind: 'origin';
  /** How likely a new value is the one of this request, when nobody in the cluster has ever had it. */
  readonly prior: (request: ApiRequest) => number;
  /** Says a value in words that complete "it …": `came from the network 203.0.113.0/24`. */
  words(value: string): string;
  /** What this request has. */
  value(request: ApiRequest): string;
}

/** A circumstance that makes what is done more suspicious. Only the baseline or what others did can tell it. */
export interface Circumstance extends Described {
  readonly kind: 'circumstance';
}

/** Something that the network shows, measured over what a workload normally sends and looks up. */
export interface EgressDetector extends Omit<Circumstance, 'kind'> {
  readonly kind: 'egress';
}

export type Detector = ActDetector | BreadthDetector | OriginDetector | Circumstance | EgressDetector;
