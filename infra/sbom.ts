import { execFileSync } from 'node:child_process';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bill {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/**
 * Prints a software bill of materials (CycloneDX) of what is deployed or deploys, from the lockfile. `npm sbom --omit dev` would leave out
 * whatever a tool of development needs as well, most of the AWS SDK among it.
 */
const all = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as Bill;
const isTool = ({ properties = [] }: Component): boolean => properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
const components = all.components.filter((component) => !isTool(component));
const kept = new Set([all.metadata.component, ...components].map((component) => component['bom-ref']));
const dependencies = all.dependencies.filter(({ ref }) => kept.has(ref)).map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
process.stdout.write(`${JSON.stringify({ ...all, components, dependencies }, undefined, 2)}\n`);
