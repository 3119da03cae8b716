import {openGpu} from "../gpu/device.js";
import {type Checkpoint, openCheckpoint} from "../model/checkpoint.js";
import {siteFiles} from "../model/model-source.js";
import {pageSearch, type SearchRequest} from "../papers/magic-words/page-search.js";
import {answerWith} from "./answers.js";

/** On a real GPU if there is one, else in WebAssembly. */
async function open({config, weights}: Checkpoint) {
  const opened = await openGpu().catch(() => undefined);
  if (opened && !opened.adapter.software) {
    const {openWgsl} = await import("../model/wgsl-backend.js");
    return openWgsl(opened.gpu, opened.adapter, config, weights, "f32");
  }
  const {openWasm} = await import("../model/wasm-backend.js");
  return openWasm(config, weights);
}

answerWith(async function* ({model, ...request}: SearchRequest) {
  const checkpoint = await openCheckpoint(await siteFiles(model));
  yield* pageSearch({...checkpoint, backend: await open(checkpoint)}, request);
});
