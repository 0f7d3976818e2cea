import { App, Validations, type AppProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { settingsOf } from './settings.ts';
import { TidemarkStack } from './tidemark-stack.ts';

/**
 * Makes our app as its CDK context says, with the checks that every synthesis must pass.
 * @throws {SettingsError} when a setting cannot be understood.
 * @throws {TidemarkPropsError} when settings cannot work.
 */
export function createApp(props?: AppProps): App {
  const app = new App(props);
  new TidemarkStack(app, 'Tidemark', settingsOf(app.node.getAllContext() as Record<string, unknown>));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return app;
}
