import { accessReviewBreadth } from './access-review-breadth.ts';
import { anonymousAccess } from './anonymous-access.ts';
import { collectionDeletion } from './collection-deletion.ts';
import { controlChange } from './control-change.ts';
import { deletionsBreadth } from './deletions-breadth.ts';
import { credentialMoved } from './credential-moved.ts';
import type { ActDetector, BreadthDetector, Detector, OriginDetector } from './detector.ts';
import { execArchive } from './exec-archive.ts';
import { exec } from './exec.ts';
import { failedAuthentications } from './failed-authentications.ts';
import { impersonation } from './impersonation.ts';
import { listingBreadth } from './listing-breadth.ts';
import { logsBreadth } from './logs-breadth.ts';
import { newAgent } from './new-agent.ts';
import { newImage } from './new-image.ts';
import { newNetwork } from './new-network.ts';
import { newScope } from './new-scope.ts';
import { permissionChange } from './permission-change.ts';
import { permissionListing } from './permission-listing.ts';
import { portForward } from './port-forward.ts';
import { privilegedWorkload } from './privileged-workload.ts';
import { refusalsBreadth } from './refusals-breadth.ts';
import { rulesReview } from './rules-review.ts';
import { secretRead } from './secret-read.ts';
import { secretsBreadth } from './secrets-breadth.ts';
import { tokenRequest } from './token-request.ts';
import { workloadChange } from './workload-change.ts';

/** Detectors of single acts. A new one is a file of its own and a line here. */
export const actDetectors: readonly ActDetector[] = [
  anonymousAccess,
  collectionDeletion,
  controlChange,
  exec,
  execArchive,
  impersonation,
  newImage,
  permissionChange,
  permissionListing,
  portForward,
  privilegedWorkload,
  rulesReview,
  secretRead,
  tokenRequest,
  workloadChange,
];

/** Detectors that count distinct things within a window. */
export const breadthDetectors: readonly BreadthDetector[] = [
  accessReviewBreadth,
  deletionsBreadth,
  failedAuthentications,
  listingBreadth,
  logsBreadth,
  refusalsBreadth,
  secretsBreadth,
];

/** Detectors of where requests come from and with what. */
export const originDetectors: readonly OriginDetector[] = [newAgent, newNetwork, newScope];

/** All detectors by id. */
export const detectors: ReadonlyMap<string, Detector> = new Map([...actDetectors, ...breadthDetectors, ...originDetectors, credentialMoved].map((detector) => [detector.id, detector]));
