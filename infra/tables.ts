import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { findingsTable, stateTable } from '../lambdas/tables.ts';
import { allow, allowKeyThrough, toRead } from './permissions.ts';

/** How the tables are made. */
export interface TablesProps {
  readonly encryptionKey: IKey;
  /** What happens to the tables when they are no longer part of the stack; unless destroyed they cannot be deleted. */
  readonly removalPolicy: RemovalPolicy;
}

/** The tables of lambdas/tables.ts: what was learned, and what was found. */
export class Tables extends Construct {
  readonly state: Table;
  readonly findings: Table;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.#encryptionKey = props.encryptionKey;
    this.state = new Table(this, 'State', {
      ...sharedProps(props),
      partitionKey: text(stateTable.partitionKey),
      timeToLiveAttribute: stateTable.timeToLive,
    });
    this.findings = new Table(this, 'Findings', {
      ...sharedProps(props),
      partitionKey: text(findingsTable.partitionKey),
      timeToLiveAttribute: findingsTable.timeToLive,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    for (const { name, partitionKey, sortKey } of findingsTable.indexes) {
      this.findings.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(partitionKey),
        sortKey: text(sortKey),
        projectionType: ProjectionType.ALL,
      });
    }
  }

  /** Lets a function read what was learned and write it item by item. */
  grantState(grantee: IGrantable): void {
    allow(grantee, ['dynamodb:BatchGetItem', 'dynamodb:PutItem'], [this.state.tableArn]);
    this.#grantKey(grantee);
  }

  /** Lets a function write findings, each after a look at what is stored under its id. */
  grantPutFindings(grantee: IGrantable): void {
    allow(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], [this.findings.tableArn]);
    this.#grantKey(grantee);
  }

  /** Lets a function follow the changes of findings. */
  grantFollowFindings(grantee: IGrantable): void {
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`);
    allow(grantee, actions, [this.findings.tableStreamArn ?? '']);
    this.#grantKey(grantee);
  }

  /** Lets people look at findings and at what was learned, as the command line does. */
  grantLook(grantee: IGrantable): void {
    const indexArns = findingsTable.indexes.map(({ name }) => `${this.findings.tableArn}/index/${name}`);
    allow(grantee, ['dynamodb:GetItem'], [this.findings.tableArn]);
    allow(grantee, ['dynamodb:Query'], indexArns);
    allow(grantee, ['dynamodb:BatchGetItem'], [this.state.tableArn]);
    this.#grantKey(grantee);
  }

  /** Lets people say what they decided about a finding, besides looking. */
  grantDecide(grantee: IGrantable): void {
    this.grantLook(grantee);
    allow(grantee, ['dynamodb:UpdateItem'], [this.findings.tableArn]);
  }

  /** DynamoDB opens a table's own key with this one in the caller's name, for reads and writes alike. */
  #grantKey(grantee: IGrantable): void {
    allowKeyThrough('dynamodb', grantee, toRead, this.#encryptionKey);
  }
}

function sharedProps({ encryptionKey, removalPolicy }: TablesProps) {
  return {
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    removalPolicy,
  } satisfies Partial<TableProps>;
}

function text(name: string) {
  return { name, type: AttributeType.STRING };
}
