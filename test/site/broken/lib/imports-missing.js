/** A module whose own import is not there. */
import {gone} from "./gone.js";

export const read = gone;
