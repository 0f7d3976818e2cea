import { createApp } from './create-app.ts';
import { SettingsError } from './settings.ts';
import { TidemarkPropsError } from './validate-props.ts';

// The CDK's command line runs this file (cdk.json).
try {
  createApp();
} catch (error) {
  // A wrong setting is the caller's to change: the message says how, a stack trace would hide it.
  if (!(error instanceof SettingsError) && !(error instanceof TidemarkPropsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
