import type {Command} from "commander";
import {registerAttacks} from "./control-attacks.js";
import {registerReachability} from "./control-reachability.js";

export function register(program: Command): void {
  const control = program
    .command("control")
    .description("steer a model, and keep what was tried as rows of a table");
  registerReachability(control);
  registerAttacks(control);
}
