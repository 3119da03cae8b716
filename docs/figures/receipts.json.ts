import {receipts} from "./receipts.js";

process.stdout.write(JSON.stringify(receipts()));
