import {receiptOf} from "../../src/cli/receipt.js";
import {papers} from "../../src/papers/papers.js";
import {receipts} from "./receipts.js";

const checked = receipts().map(async (receipt) => {
  const paper = papers.find(({slug}) => slug === receipt.slug);
  const now = paper && (await receiptOf(paper, [], receipt.size, receipt.device));
  return {...receipt, changed: now?.code !== receipt.code || now?.weights !== receipt.weights};
});

process.stdout.write(JSON.stringify(await Promise.all(checked)));
