import { App, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Tidemark } from '../../../infra/tidemark.ts';

const app = new App();
const stack = new Stack(app, 'Security');

const tidemark = new Tidemark(stack, 'Tidemark', {
  clusters: ['prod', 'staging'],
  mailAddresses: ['security@shop.example'],
  minimumSeverity: 'high',
});

// Findings as JSON for a program of yours, of every severity that is told at all.
tidemark.topic.addSubscription(new UrlSubscription('https://chat.shop.example/findings'));

// Whoever has this policy may look at findings, say what was decided and give dead letters again, by the command line.
const responders = new ManagedPolicy(stack, 'Responders');
tidemark.grantDecide(responders);
tidemark.grantRedrive(responders);
