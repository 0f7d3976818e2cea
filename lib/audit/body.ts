/** A JSON patch's path has at most so many parts that are followed. */
const maxDepth = 12;
/** No API server takes a longer patch: k8s.io/apiserver/pkg/endpoints/handlers/patch.go */
const maxSteps = 10_000;

type Tree = Record<string, unknown>;

/**
 * Gives a request's body as a part of the object that it writes. A JSON patch, which is a list of steps, becomes the
 * object that its added and replaced values make, with null where something is taken away or moved; all other bodies
 * are that already.
 * Source: https://datatracker.ietf.org/doc/html/rfc6902
 */
export function writtenObject(body: unknown): unknown {
  if (!Array.isArray(body)) return body;
  const object: Tree = Object.create(null) as Tree;
  for (const step of body.slice(0, maxSteps) as unknown[]) applyStep(object, step);
  return object;
}

function applyStep(object: Tree, step: unknown): void {
  const { op, path, value } = (typeof step === 'object' && step !== null ? step : {}) as { op?: unknown; path?: unknown; value?: unknown };
  if (typeof path !== 'string' || typeof op !== 'string' || op === 'test') return;
  const parts = path.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop();
  if (last === undefined || parts.length > maxDepth) return;
  let at: unknown = object;
  for (const [index, part] of parts.entries()) at = stepInto(at, part, parts[index + 1] ?? last);
  const isWritten = op === 'add' || op === 'replace';
  // A list's elements are not known, so nothing can be taken away from it.
  if (isWritten || !Array.isArray(at)) put(at, last, isWritten ? value : null);
}

/** Whether a patch's body writes nothing but labels and annotations. */
export function isOnlyMarked(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const { metadata } = body as { metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null) return false;
  const isAmong = (names: readonly string[]) => (key: string): boolean => names.includes(key);
  return Object.keys(body).every(isAmong(['apiVersion', 'kind', 'metadata'])) && Object.keys(metadata).every(isAmong(['annotations', 'labels', 'name', 'namespace', 'resourceVersion', 'uid']));
}

/** A number or a dash after a name says that the name holds a list. */
function stepInto(at: unknown, part: string, next: string): unknown {
  const known = Array.isArray(at) ? (at as unknown[])[at.length - 1] : Object.hasOwn(at as Tree, part) ? (at as Tree)[part] : undefined;
  if (typeof known === 'object' && known !== null) return known;
  const made: unknown = /^(\d+|-)$/.test(next) ? [] : Object.create(null);
  put(at, part, made);
  return made;
}

/** Where in a list something stands does not matter here. A name may be `__proto__`: it is defined, since to set it would set the prototype. */
function put(at: unknown, part: string, value: unknown): void {
  if (Array.isArray(at)) at.push(value);
  else Object.defineProperty(at, part, { value, writable: true, enumerable: true, configurable: true });
}
