import { fileURLToPath } from 'node:url';
import { Names, RemovalPolicy, Validations, type Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, type BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type ILogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupPrefix } from './encryption-key.ts';
import { allow } from './permissions.ts';

/** What all functions have in common. */
export interface SharedFunctionProps {
  readonly encryptionKey: IKey;
  /** How long the function's own logs are kept. */
  readonly logRetention: RetentionDays;
  /** Whether calls are traced by X-Ray. */
  readonly tracing: boolean;
}

/** How a function is made. */
export interface BundledFunctionProps extends SharedFunctionProps {
  /** A file in lambdas/ that exports `handler`, without its ending. */
  readonly entry: 'ingest' | 'flows' | 'notify' | 'watch' | 'backfill';
  readonly description: string;
  /** In MB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: Record<string, string>;
  /** The name of its role, where others must name that. */
  readonly roleName?: string;
}

/** A function of lambdas/ as one small file, with a role of its own that may at first only write its log. */
export class BundledFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;
  readonly logGroup: ILogGroup;
  /** In MB. */
  readonly memorySize: number;

  constructor(scope: Construct, id: string, { encryptionKey, logRetention, tracing, entry, roleName, ...props }: BundledFunctionProps) {
    super(scope, id);
    this.memorySize = props.memorySize;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `${logGroupPrefix}${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`,
      encryptionKey,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), ...(roleName === undefined ? {} : { roleName }) });
    // The log streams in it are named by Lambda: the ARN that CloudFormation gives for a log group ends in `:*`.
    allow(this.role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    if (tracing) this.#acknowledgeTracing();
    this.function = new NodejsFunction(this, 'Function', {
      ...props,
      entry: inProject(`lambdas/${entry}.ts`),
      projectRoot: inProject(''),
      depsLockFilePath: inProject('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role: this.role,
      logGroup: this.logGroup,
      tracing: tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      awsSdkConnectionReuse: false,
      bundling,
    });
  }

  /** The CDK itself allows the role to send segments and telemetry. */
  #acknowledgeTracing(): void {
    Validations.of(this.role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray has no resource for what is sent to it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html' });
  }
}

/** The AWS SDK goes in, so that what was tested is what runs; a bundle needs no node_modules. */
const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  externalModules: [],
  forceDockerBundling: false,
};

/** A path in this project, wherever the app that uses the construct is. */
function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
