/** The letters and digits of which Kubernetes makes the endings of names (k8s.io/apimachinery/pkg/util/rand). */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';
/** A ReplicaSet's name ends with a hash of decimal digits, written with those letters. */
const templateHash = '[4-9bcdf]{6,10}';
const ofReplicaSet = new RegExp(`^(.+)-${templateHash}-${safe}{5}$`);
const ofGeneratedName = new RegExp(`^(.+)-${safe}{5}$`);
const ofStatefulSet = /^(.+)-\d{1,4}$/;
/** A CronJob's jobs are named by the minutes since the epoch (k8s.io/kubernetes/pkg/controller/cronjob). */
const ofCronJob = /^(.+)-\d{8,12}$/;
const randomPart = new RegExp(`^(?:(?=[a-f]*\\d)[0-9a-f]{5,}|\\d{4,}|(?=[a-z]*\\d)${safe}{5,10})$`);
const uniqueId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Who made a pod, as its owner reference says. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/**
 * Gives what stays the same of a pod while its copies come and go, by who made it: `Deployment/api`, `StatefulSet/db`,
 * `DaemonSet/agent`, `CronJob/export`; `Job/reports-*` for a job whose name changes each time; `Pod/debug` for one that
 * nothing made.
 */
export function workloadOfOwner(pod: string, owner: Owner | undefined, templateHashLabel: string | undefined): string {
  if (!owner || owner.kind === 'Pod') return `Pod/${withoutRandomParts(pod)}`;
  if (owner.kind === 'ReplicaSet' && templateHashLabel && owner.name.endsWith(`-${templateHashLabel}`)) return `Deployment/${owner.name.slice(0, -templateHashLabel.length - 1)}`;
  if (owner.kind === 'Job') return workloadOfJob(owner.name);
  return `${owner.kind}/${['StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(owner.kind) ? owner.name : withoutRandomParts(owner.name)}`;
}

function workloadOfJob(job: string): string {
  const cronJob = ofCronJob.exec(job)?.[1];
  return cronJob === undefined ? `Job/${withoutRandomParts(job)}` : `CronJob/${cronJob}`;
}

/**
 * Guesses the same by the name alone, for a pod that was made before anything was seen of it. Pods that live long and
 * have only a short random ending are mostly of DaemonSets.
 */
export function workloadOfName(pod: string): string {
  const deployment = ofReplicaSet.exec(pod)?.[1];
  if (deployment !== undefined) return `Deployment/${deployment}`;
  const generated = ofGeneratedName.exec(pod)?.[1];
  if (generated !== undefined) return ofCronJob.test(generated) || withoutRandomParts(generated) !== generated ? workloadOfJob(generated) : `DaemonSet/${generated}`;
  const statefulSet = ofStatefulSet.exec(pod)?.[1];
  return statefulSet === undefined ? `Pod/${withoutRandomParts(pod)}` : `StatefulSet/${statefulSet}`;
}

/** Replaces what is random in a name, so that each new one counts as the same. */
function withoutRandomParts(name: string): string {
  return name.replace(uniqueId, '*').split('-').map((part) => (randomPart.test(part) ? '*' : part)).join('-');
}
