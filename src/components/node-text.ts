import type {CircuitNode} from "../model/circuit/sources.js";
import {visible} from "./token-text.js";

/** A node of a circuit in words. */
export function nodeText(node: CircuitNode, token: (pos: number) => string): string {
  const at = `at “${visible(token(node.pos))}”`;
  switch (node.kind) {
    case "feature":
      return `feature ${node.feature} of layer ${node.layer} ${at}`;
    case "head":
      return `head ${node.head} of layer ${node.layer}, from “${visible(token(node.from))}” to “${visible(token(node.pos))}”`;
    case "error":
      return `what the features of layer ${node.layer} miss ${at}`;
    case "embedding":
      return `embedding ${at}`;
    case "position":
      return `position ${node.pos}`;
    case "bias":
      return `bias of ${node.of === "read" ? "what reads" : node.of}, layer ${node.layer}`;
  }
}
