import { flowDetectors } from '../egress/detectors.ts';
import { nameDetectors } from '../egress/names/detectors.ts';
import { accessQuestion } from './access-question.ts';
import { accessReviewBreadth } from './access-review-breadth.ts';
import { admissionChange } from './admission-change.ts';
import { anonymousAccess } from './anonymous-access.ts';
import { attackTool } from './attack-tool.ts';
import { breakGlassWorkload } from './break-glass.ts';
import { certificateRequest } from './certificate-request.ts';
import { collectionDeletion } from './collection-deletion.ts';
import { configMapsBreadth } from './config-maps-breadth.ts';
import { credentialMoved } from './credential-moved.ts';
import { daemonsetChange } from './daemonset-change.ts';
import { debugContainer } from './debug-container.ts';
import { deletionsBreadth } from './deletions-breadth.ts';
import type { ActDetector, BreadthDetector, Circumstance, Detector, EgressDetector, OriginDetector } from './detector.ts';
import { dnsChange } from './dns-change.ts';
import { eventDeletion } from './event-deletion.ts';
import { execArchive } from './exec-archive.ts';
import { exec } from './exec.ts';
import { exposedIngress } from './exposed-ingress.ts';
import { exposedService } from './exposed-service.ts';
import { failedAuthentications } from './failed-authentications.ts';
import { hostileWorkload } from './hostile-workload.ts';
import { impersonation } from './impersonation.ts';
import { lead } from './lead.ts';
import { listingBreadth } from './listing-breadth.ts';
import { logsBreadth } from './logs-breadth.ts';
import { miningWorkload } from './mining-workload.ts';
import { namespaceCreation } from './namespace-creation.ts';
import { namespaceDeletion } from './namespace-deletion.ts';
import { networkPolicyChange } from './network-policy-change.ts';
import { newAgent } from './new-agent.ts';
import { newImage } from './new-image.ts';
import { newNetwork } from './new-network.ts';
import { newScope } from './new-scope.ts';
import { nodeChange } from './node-change.ts';
import { nodeCredential } from './node-credential.ts';
import { permissionChange } from './permission-change.ts';
import { permissionListing } from './permission-listing.ts';
import { podSecurityChange } from './pod-security-change.ts';
import { portForward } from './port-forward.ts';
import { privilegedWorkload } from './privileged-workload.ts';
import { proxy } from './proxy.ts';
import { quotaChange } from './quota-change.ts';
import { refusalsBreadth } from './refusals-breadth.ts';
import { roleMappingChange } from './role-mapping-change.ts';
import { rulesReview } from './rules-review.ts';
import { scheduledJobChange } from './scheduled-job-change.ts';
import { secretChange } from './secret-change.ts';
import { secretRead } from './secret-read.ts';
import { secretsBreadth } from './secrets-breadth.ts';
import { serviceAccountCreation } from './service-account-creation.ts';
import { slowConfigMaps } from './slow-config-maps.ts';
import { slowDiscovery } from './slow-discovery.ts';
import { slowTheft } from './slow-theft.ts';
import { staticPod } from './static-pod.ts';
import { storageOfHost } from './storage-of-host.ts';
import { systemAccountCreation } from './system-account-creation.ts';
import { systemSecretChange } from './system-secret-change.ts';
import { tokenRequest } from './token-request.ts';
import { unusualHour } from './unusual-hour.ts';
import { waking } from './waking.ts';
import { workloadChange } from './workload-change.ts';

/** Detectors of single acts. A new one is a file of its own and a line here. */
export const actDetectors: readonly ActDetector[] = [
  accessQuestion,
  admissionChange,
  anonymousAccess,
  attackTool,
  breakGlassWorkload,
  certificateRequest,
  collectionDeletion,
  daemonsetChange,
  debugContainer,
  dnsChange,
  eventDeletion,
  exec,
  execArchive,
  exposedIngress,
  exposedService,
  hostileWorkload,
  impersonation,
  miningWorkload,
  namespaceCreation,
  namespaceDeletion,
  networkPolicyChange,
  newImage,
  nodeChange,
  nodeCredential,
  permissionChange,
  permissionListing,
  podSecurityChange,
  portForward,
  privilegedWorkload,
  proxy,
  quotaChange,
  roleMappingChange,
  rulesReview,
  scheduledJobChange,
  secretChange,
  secretRead,
  serviceAccountCreation,
  staticPod,
  storageOfHost,
  systemAccountCreation,
  systemSecretChange,
  tokenRequest,
  workloadChange,
];

/** Detectors that count distinct things within a window. */
export const breadthDetectors: readonly BreadthDetector[] = [
  accessReviewBreadth,
  configMapsBreadth,
  deletionsBreadth,
  failedAuthentications,
  listingBreadth,
  logsBreadth,
  refusalsBreadth,
  secretsBreadth,
];

/** Detectors of where requests come from and with what. */
export const originDetectors: readonly OriginDetector[] = [newAgent, newNetwork, newScope];

/** What only the baseline, or what others did, can tell. */
export const circumstances: readonly Circumstance[] = [credentialMoved, lead, slowConfigMaps, slowDiscovery, slowTheft, unusualHour, waking];

/** What the network shows. */
export const egressDetectors: readonly EgressDetector[] = [...flowDetectors, ...nameDetectors.values()];

/** All detectors by id. */
export const detectors: ReadonlyMap<string, Detector> = new Map([...actDetectors, ...breadthDetectors, ...originDetectors, ...circumstances, ...egressDetectors].map((detector) => [detector.id, detector]));
