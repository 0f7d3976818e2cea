import { AccountPrincipal, AnyPrincipal, type IPrincipal, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';

/** Who sends the audit logs of clusters elsewhere: the accounts named, or all of an organization, or both. */
export interface Senders {
  /** Ids of accounts. The deployment's own sends from its other regions when it is among them. */
  readonly accounts?: readonly string[];
  /** Id of an organization: `o-` and letters and digits. */
  readonly organization?: string;
  /** Regions in which their clusters are; each needs a destination (`DestinationStack`). */
  readonly regions: readonly string[];
}

/** Services, by their `eventSource`, whose watched calls matter in accounts and regions that send. */
export const elsewhereServices = ['eks.amazonaws.com', 'logs.amazonaws.com', 'cloudtrail.amazonaws.com', 'events.amazonaws.com'];

/** What a statement of a policy says of whom it is about. */
export type Whom = Pick<PolicyStatementProps, 'principals' | 'conditions'>;

/** Gives whom a policy lets in so that senders can send: a statement for each. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination-Account.html */
export function sendersAsPrincipals({ accounts = [], organization }: Senders): Whom[] {
  const named: IPrincipal[] = accounts.map((account) => new AccountPrincipal(account));
  return [
    ...(named.length > 0 ? [{ principals: named }] : []),
    ...(organization === undefined ? [] : [{ principals: [new AnyPrincipal()], conditions: { StringEquals: { 'aws:PrincipalOrgID': organization } } }]),
  ];
}
