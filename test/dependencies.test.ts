import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

interface Locked { readonly version: string; readonly resolved?: string; readonly integrity?: string; readonly dev?: boolean; readonly inBundle?: boolean; readonly hasInstallScript?: boolean }

/** Raise it only with a reason: each is code that runs with the functions' or the deployer's rights. */
const mostPackages = 80;

const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path]) => path !== '');
const deployed = locked.filter(([, { dev }]) => dev !== true);

describe('dependencies', () => {
  test('are named by one version each, and locked with what they must hash to', () => {
    for (const version of Object.values({ ...dependencies, ...devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const [, { integrity, inBundle }] of locked) if (inBundle !== true) expect(integrity).toMatch(/^sha512-/);
    for (const [, { resolved }] of locked) if (resolved !== undefined) expect(resolved).toMatch(/^https:\/\/registry\.npmjs\.org\//);
  });

  test('that are deployed or deploy are few, and none of them runs a script when it is installed', () => {
    expect(deployed.length).toBeLessThanOrEqual(mostPackages);
    expect(deployed.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path)).toEqual([]);
  });

  test('are listed by `npm run sbom`, all that are no tools of development', async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { maxBuffer: 16 * 1024 * 1024 });
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { purl: string }[] };
    expect(bomFormat).toBe('CycloneDX');
    const named = new Set(components.map(({ purl }) => decodeURIComponent(purl.split('?')[0] ?? '')));
    for (const [path, { version, inBundle }] of deployed) if (inBundle !== true) expect(named).toContain(`pkg:npm/${path.replace(/^.*node_modules\//, '')}@${version}`);
    for (const [name, version] of Object.entries(devDependencies)) expect(named).not.toContain(`pkg:npm/${name}@${version}`);
  });
});
