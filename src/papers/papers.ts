import type {Claims} from "./environment.js";
import * as activationAttacks from "./activation-attacks.js";
import * as attentionAsSvm from "./attention-as-svm.js";
import * as conceptSpaceEmergence from "./concept-space-emergence.js";
import * as forwardPass from "./forward-pass.js";
import * as houseModels from "./house-models.js";
import * as magicWords from "./magic-words.js";
import * as mipHypernetworks from "./mip-hypernetworks.js";
import * as mupFeatureLearning from "./mup-feature-learning.js";
import * as ownModels from "./own-models.js";
import * as setBasedPrompting from "./set-based-prompting.js";
import * as successorHeads from "./successor-heads.js";
import * as transcoderCircuits from "./transcoder-circuits.js";

export interface Paper {
  readonly slug: string;
  readonly claims: Claims;
  /** A promise of the platform itself, verified whenever anything changed. */
  readonly platform: boolean;
}

/** Everything that `workings verify` can run. */
export const papers: readonly Paper[] = [
  {...forwardPass, platform: true},
  {...houseModels, platform: true},
  {...ownModels, platform: true},
  {...activationAttacks, platform: false},
  {...attentionAsSvm, platform: false},
  {...conceptSpaceEmergence, platform: false},
  {...magicWords, platform: false},
  {...mipHypernetworks, platform: false},
  {...mupFeatureLearning, platform: false},
  {...setBasedPrompting, platform: false},
  {...transcoderCircuits, platform: false},
  {...successorHeads, platform: false}
];
