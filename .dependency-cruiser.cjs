/** What may import what; docs/architecture.md says why. */
const aws = '(@aws-sdk|@smithy|aws-cdk-lib|constructs|@middy|@aws-lambda-powertools|aws-lambda)';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'core-is-pure', comment: 'lib decides: no AWS client, no file, no process, no edge', severity: 'error', from: { path: '^lib' }, to: { path: `(^(lambdas|infra|cli|test)/|node_modules/${aws})` } },
    { name: 'core-needs-little', comment: 'lib may use only these built-in modules', severity: 'error', from: { path: '^lib' }, to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib|buffer|util)$' } },
    { name: 'lambdas-do-not-deploy', severity: 'error', from: { path: '^lambdas' }, to: { path: `(^(infra|cli|test)/|node_modules/(aws-cdk-lib|constructs))` } },
    { name: 'infra-only-deploys', comment: 'infra knows the tables, nothing of what decides', severity: 'error', from: { path: '^infra' }, to: { path: '^(lib|cli|test)/' } },
    { name: 'no-tests-in-code', severity: 'error', from: { path: '^(lib|lambdas|infra|cli)' }, to: { path: '^test/' } },
    { name: 'declared-dependencies', severity: 'error', from: { path: '^(lib|lambdas|infra|cli)' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] } },
};
