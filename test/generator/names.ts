const words = (text: string): readonly string[] => text.split(' ');

export const companies = words('northpier larkspur halvard quillon bramble oskari tessel vantage merrow piquant ravelin solano');
export const firstNames = words('amara bence chidi dagny eero fatima goran hana ivo jolanta kaveh leila matti noor ottilie pavel quentin rosa sanjay tove ulrich vesna wanda xochitl yara zoltan abel birgit cosmin delphine');
export const lastNames = words('abara berg castell dvorak eriksen falk greco hoang ibarra jansen kovac lindqvist moreau nkemelu osei petrov');
export const teams = words('orders billing catalogue identity search loyalty freight invoicing media pricing ledger booking telemetry messaging profile risk claims routing stock fleet');
export const parts = words('api worker web gateway scheduler consumer projector importer notifier indexer exporter sync bff');
export const databases = words('postgres redis mongodb mysql kafka elasticsearch cassandra rabbitmq');
export const stages = words('prod production live');
export const testStages = words('staging dev qa test sandbox uat');
export const secretKinds = words('credentials db-password api-key tls signing-key oauth-client smtp webhook-token license stripe-key');
export const roles = {
  admin: words('PlatformAdmin ClusterOps Infrastructure SRE'),
  developer: words('Developer Engineer ProductEng BackendDev'),
  reader: words('ReadOnly Support Viewer Observer'),
} as const;
export const clients = words('darwin/arm64 darwin/amd64 linux/amd64 windows/amd64');
export const cloudRegistries = words('docker.io/library docker.io/bitnami public.ecr.aws/bitnami');
export const foreignImages = words('docker.io/xmrigfork/worker:latest docker.io/k8supd4te/agent:v2 ghcr.io/pool-relay/node:1 docker.io/alpine-tools0/net:3 quay.io/freehash/miner:6.21');
/** Programs of attackers; some use what everybody uses. */
export const attackAgents = words('curl/8.5.0 python-requests/2.31.0 Go-http-client/2.0 kubectl/v1.28.4 okhttp/4.12.0 node-fetch kubeletctl/1.11 peirates kdigger/1.5');
