import {preview} from "@observablehq/framework/dist/preview.js";
import {forbidNetwork} from "./offline.js";

// Runs in a process of its own, started by preview.ts with a port and no output: Framework's preview
// prints every message of every page, and keeps caches that a check in the same process would share.
forbidNetwork();
await preview({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  open: false,
  verbose: false
});
process.send?.("ready");
process.on("disconnect", () => process.exit());
