import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'cdk.out/', 'node_modules/', 'coverage/', '**/*.cjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'jest.config.js'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-params': ['error', 4],
    },
  },
  { files: ['lib/**'], rules: { 'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout'], 'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'lib has no clock: take the time as a parameter' }, { object: 'Math', property: 'random' }], 'no-console': 'error' } },
);
