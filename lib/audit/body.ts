/** A JSON patch's path has at most so many parts that are followed; a patch at most so many steps. */
const maxDepth = 12;
const maxSteps = 200;

type Tree = Record<string, unknown>;

/**
 * Gives a request's body as a part of the object that it writes. A JSON patch, which is a list of steps, becomes the
 * object that its added and replaced values make; all other bodies are that already.
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
  if (typeof path !== 'string' || (op !== 'add' && op !== 'replace')) return;
  const parts = path.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop();
  if (last === undefined || parts.length > maxDepth) return;
  let at: unknown = object;
  for (const [index, part] of parts.entries()) at = stepInto(at, part, parts[index + 1] ?? last);
  put(at, last, value);
}

/** A number or a dash after a name says that the name holds a list. */
function stepInto(at: unknown, part: string, next: string): unknown {
  const known = Array.isArray(at) ? (at as unknown[])[at.length - 1] : (at as Tree)[part];
  if (typeof known === 'object' && known !== null) return known;
  const made: unknown = /^(\d+|-)$/.test(next) ? [] : Object.create(null);
  put(at, part, made);
  return made;
}

/** Where in a list something stands does not matter here. */
function put(at: unknown, part: string, value: unknown): void {
  if (Array.isArray(at)) at.push(value);
  else (at as Tree)[part] = value;
}
