import { App, Stack, Validations, type AppProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DestinationStack } from './destination-stack.ts';
import { SenderStack } from './sender-stack.ts';
import { settingsOf, type Settings } from './settings.ts';
import { TidemarkStack } from './tidemark-stack.ts';

/** The CDK states dependencies once more that a reference states already. Source: https://github.com/aws-cloudformation/cfn-lint#template-based-metadata */
const forLinter = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };

/** Stacks that are deployed besides when clusters elsewhere send their logs: one at home for each region, and one for each account and region that sends. */
function addSenders(app: App, { tidemark }: TidemarkStack, { home, senders, senderClusters }: Settings): void {
  const { elsewhere } = tidemark.ingest;
  if (!home || !senders || !elsewhere) return;
  for (const region of senders.regions) new DestinationStack(app, `TidemarkDestination-${region}`, { env: { account: home.account, region }, tidemark });
  new SenderStack(app, 'TidemarkSender', { home, senders, clusters: senderClusters, destinationName: elsewhere.destinationName, busName: tidemark.watch?.busName, historyReader: tidemark.backfill?.readerArn });
}

/**
 * Makes our app as its CDK context says, with the checks that every synthesis must pass.
 * @throws {SettingsError} when a setting cannot be understood.
 * @throws {TidemarkPropsError} when settings cannot work.
 */
export function createApp(props?: AppProps): App {
  const app = new App(props);
  const settings = settingsOf(app.node.getAllContext() as Record<string, unknown>);
  const stack = new TidemarkStack(app, 'Tidemark', settings, settings.home ? { env: settings.home } : undefined);
  addSenders(app, stack, settings);
  for (const one of app.node.children.filter(Stack.isStack)) one.templateOptions.metadata = forLinter;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  return app;
}
