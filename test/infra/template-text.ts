import { linesOf, resourcesOf, short, type Resource } from './synthesis.ts';

/** Held by tests of their own, or another with each build. */
const leftOut = new Set(['Code', 'DashboardBody', 'PolicyDocument', 'AssumeRolePolicyDocument', 'KeyPolicy', 'ResourcePolicy']);
const policies = ['PolicyDocument', 'AssumeRolePolicyDocument', 'KeyPolicy', 'ResourcePolicy'];

/** What a deployment with the default settings is, to be read: each resource with what it says and what it allows, one thing a line. */
export function templateText(): string {
  const resources = Object.entries(resourcesOf()).map(([id, resource]) => [short({ Ref: id }), resource] as const);
  return resources.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, resource]) => textOf(name, resource)).join('\n');
}

function textOf(name: string, resource: Resource): string {
  const { Type, Properties = {}, DeletionPolicy, DependsOn = [] } = resource as Resource & { readonly Properties?: Resource['Properties'] };
  const said = Object.entries(Properties).filter(([property]) => !leftOut.has(property)).flatMap(([property, value]) => flat(property, value));
  const allowed = policies.some((policy) => policy in Properties) ? linesOf(resource) : [];
  const waitsFor = DependsOn.length === 0 ? [] : [`after ${DependsOn.map((id) => short({ Ref: id })).sort().join(', ')}`];
  return `${[`${name} (${Type})${DeletionPolicy === undefined ? '' : `, ${DeletionPolicy.toLowerCase()}`}`, ...[...said, ...allowed, ...waitsFor].map((line) => `  ${line}`)].join('\n')}\n`;
}

/** An object's properties a line each; what refers to something else is one value. */
function flat(path: string, value: unknown): string[] {
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
  return isPlain ? Object.entries(value).flatMap(([name, one]) => flat(`${path}.${name}`, one)) : [`${path}: ${short(value)}`];
}
