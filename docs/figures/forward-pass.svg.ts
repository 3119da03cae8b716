import {claimsChart} from "../../src/components/claims-chart.js";
import {receiptRows} from "./receipts.js";
import {storedSvg} from "./stored.js";

process.stdout.write(await storedSvg(claimsChart, receiptRows("forward-pass")));
