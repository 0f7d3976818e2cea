import { Aws, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
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
  readonly #stateWriters = new Set<string>();
  readonly #findingWriters = new Set<string>();

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
    refuse(this.state, itemWrites, this.#stateWriters);
    // People decide by UpdateItem; what they may change is in `grantDecide`.
    refuse(this.findings, itemWrites.filter((action) => action !== 'dynamodb:UpdateItem' && action !== 'dynamodb:PartiQLUpdate'), this.#findingWriters);
  }

  /** Lets a function read state and write it item by item: all of it, or items with these keys, in which `*` stands for anything. */
  grantState(grantee: IRole, keys?: readonly string[]): void {
    this.#stateWriters.add(grantee.roleArn);
    const conditions = keys && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } };
    allow(grantee, ['dynamodb:BatchGetItem', 'dynamodb:PutItem'], [this.state.tableArn], conditions);
    this.#grantKey(grantee);
  }

  /** Lets a function write findings, each after a look at what is stored under its id. */
  grantPutFindings(grantee: IRole): void {
    this.#findingWriters.add(grantee.roleArn);
    allow(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], [this.findings.tableArn]);
    this.#grantKey(grantee);
  }

  /** Lets somebody read findings by their ids. */
  grantReadFindings(grantee: IGrantable): void {
    allow(grantee, ['dynamodb:GetItem'], [this.findings.tableArn]);
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
    this.grantReadFindings(grantee);
    allow(grantee, ['dynamodb:Query'], indexArns);
    allow(grantee, ['dynamodb:BatchGetItem'], [this.state.tableArn]);
  }

  /**
   * Lets people say what they decided about a finding, besides looking: they may change that, and nothing else of it.
   * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantDecide(grantee: IGrantable): void {
    this.grantLook(grantee);
    allow(grantee, ['dynamodb:UpdateItem'], [this.findings.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': [findingsTable.partitionKey, 'status', 'statusAndSeverity', 'revision'] },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
    });
  }

  /** Lets people read again the changes of findings that a function failed to tell; they come through the table's stream as they were. */
  grantReadChanges(grantee: IGrantable): void {
    allow(grantee, ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [this.findings.tableStreamArn ?? '']);
    this.#grantKey(grantee);
  }

  /** DynamoDB opens a table's own key with this one in the caller's name, for reads and writes alike. */
  #grantKey(grantee: IGrantable): void {
    allowKeyThrough('dynamodb', grantee, toRead, this.#encryptionKey);
  }
}

/** All by which items can be written, replaced or removed. A transaction asks for the permission of each call in it. */
const itemWrites = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'].map((action) => `dynamodb:${action}`);

/**
 * Refuses these calls to all but these roles, whatever IAM allows them, and everything to other accounts. Nobody is locked out of the
 * table itself: it can still be changed, restored and deleted, and this policy with it. A table's own policy cannot name the table, so it
 * says `*` (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_dynamodb-readme.html#resource-policy).
 */
function refuse(table: Table, actions: string[], writers: ReadonlySet<string>): void {
  const everybody = { effect: Effect.DENY, principals: [new AnyPrincipal()], resources: ['*'] };
  // What a service does in nobody's name, such as removing what has expired, has no principal to compare.
  const byPeople = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };
  table.addToResourcePolicy(new PolicyStatement({ ...everybody, sid: 'OnlyTidemarkWrites', actions, conditions: { ...byPeople, ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => [...writers] }) } } }));
  table.addToResourcePolicy(new PolicyStatement({ ...everybody, sid: 'OnlyThisAccount', actions: ['dynamodb:*'], conditions: { ...byPeople, StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } } }));
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
