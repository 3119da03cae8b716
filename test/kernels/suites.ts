import type {KernelSuite} from "../support/kernel-case.js";
import {suite as add} from "./add.cases.js";

/** Every op's cases: what Dawn, Naga and Chromium each run. */
export const suites: readonly KernelSuite[] = [add];
