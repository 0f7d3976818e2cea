/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', importAttributes: true }, target: 'es2024' }, module: { type: 'es6' } }] },
  testTimeout: 120_000,
  // Modules of a file that was tested are never given free, so the process that holds them is renewed.
  workerIdleMemoryLimit: '1.5GB',
};
