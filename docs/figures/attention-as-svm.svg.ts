import {attentionPlane} from "../../src/components/attention-plane.js";
import {toEnd} from "../../src/papers/attention-as-svm/frobenius-svm.js";
import {
  defaultPlane,
  planePicture,
  STEPS,
  startsAround
} from "../../src/papers/attention-as-svm/plane.js";
import {receiptRows} from "./receipts.js";
import {storedSvg} from "./stored.js";

const rows = receiptRows("attention-as-svm");
const [direction] = rows;
const three = (value: number) => value.toFixed(3).replace("-", "−");
const finding = direction
  ? `Training attention ends where an SVM points: correlation ${three(direction.value)} over 20 heads, ${three(direction.control.value)} with the SVM of other tokens`
  : attentionPlane.of(toEnd(planePicture(defaultPlane, startsAround, STEPS))).finding;

process.stdout.write(
  await storedSvg(
    {
      ...attentionPlane,
      spec: {...attentionPlane.spec, autosize: {type: "pad"}},
      of: () => ({
        ...attentionPlane.of(toEnd(planePicture(defaultPlane, startsAround, STEPS))),
        finding
      })
    },
    undefined
  )
);
