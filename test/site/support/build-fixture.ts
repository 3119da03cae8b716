import {buildSite} from "../../../src/site/build.js";
import {checkSite} from "../../../src/site/check/check.js";
import {copyPages} from "./fixture.js";

const config = copyPages("fixture");
const problems = await checkSite(config);
const {pages} = await buildSite(config);
console.log(JSON.stringify({problems, pages}));
