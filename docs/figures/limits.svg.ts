import type {Chart} from "../../src/components/chart.js";
import {color} from "../../src/components/theme.js";
import {storedSvg} from "./stored.js";

const needs = {
  "read findings and stored figures": ["no JavaScript", "WebAssembly", "WebGPU"],
  "type a prompt, and figures follow": ["WebAssembly", "WebGPU"],
  "query activations in SQL": ["WebAssembly", "WebGPU"],
  "check a page’s claims": ["WebAssembly", "WebGPU"],
  "answer as fast as you type": ["WebGPU"]
};
const columns = ["no JavaScript", "WebAssembly", "WebGPU"];

const chart: Chart<[null]> = {
  name: "limits",
  caption: "A dot: it works with that and nothing more.",
  spec: {
    description: "What works without JavaScript, with WebAssembly, and with WebGPU",
    data: {name: "rows"},
    width: 300,
    height: {step: 26},
    mark: {type: "circle", size: 90},
    encoding: {
      x: {
        field: "with",
        type: "ordinal",
        sort: columns,
        axis: {title: null, orient: "top", labelAngle: 0}
      },
      y: {
        field: "to",
        type: "ordinal",
        sort: Object.keys(needs),
        axis: {title: null, labelLimit: 360}
      },
      color: {value: color("accent")}
    }
  },
  of: () => ({
    finding: "All but speed works without a GPU",
    rows: Object.entries(needs).flatMap(([to, list]) => list.map((one) => ({to, with: one})))
  })
};

process.stdout.write(await storedSvg(chart, null));
