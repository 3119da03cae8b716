/** The score of a key that a query may not attend to: low enough to weigh nothing, and finite, because WGSL does not promise infinities. */
export const MASKED = -1e30;
