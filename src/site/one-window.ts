import {createRequire} from "node:module";

// Framework opens a new jsdom window, 12 ms each, for each of the ten pieces of HTML that an update of
// a page parses, and reads nothing but its document; here one window parses them all. To be imported
// before Framework, whose own import then finds this class in place of jsdom's.

interface Jsdom {
  JSDOM: new (html: string) => {window: {readonly document: Document}};
}

const require = createRequire(import.meta.resolve("@observablehq/framework/dist/preview.js"));
const jsdom = require("jsdom") as Jsdom;
const {window} = new jsdom.JSDOM("") as {window: {document: Document; DOMParser: typeof DOMParser}};
const parser = new window.DOMParser();

jsdom.JSDOM = class {
  readonly window: {readonly document: Document};

  constructor(html: string) {
    this.window = {document: parser.parseFromString(html, "text/html")};
  }
};
