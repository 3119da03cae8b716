import type {KernelSuite} from "../support/kernel-case.js";
import {suite as add} from "./add.cases.js";
import {suite as layernorm} from "./layernorm.cases.js";
import {suite as multiply} from "./multiply.cases.js";
import {suite as rmsnorm} from "./rmsnorm.cases.js";

/** Every op's cases: what Dawn, Naga and Chromium each run. */
export const suites: readonly KernelSuite[] = [add, layernorm, multiply, rmsnorm];
