/** What Framework's runtime defines in every page. */
export const builtins: ReadonlySet<string> = new Set([
  ...["display", "view", "visibility", "invalidation", "now", "width", "dark", "resize"],
  ...["FileAttachment", "Generators", "Mutable"],
  ...["Inputs", "html", "htl", "svg", "sql", "vl", "aq", "Arrow", "tex", "d3", "Plot"],
  ...["duckdb", "DuckDBClient"]
]);

/**
 * Names that a browser defines and that a cell may use bare, besides those that Framework knows.
 * Short words that are more often a slip (name, status, event, length) are left out: write
 * `window.name`.
 */
export const browserGlobals: ReadonlySet<string> = new Set([
  ...["globalThis", "self", "location", "history", "screen", "localStorage", "sessionStorage"],
  ...[
    "alert",
    "confirm",
    "prompt",
    "matchMedia",
    "getComputedStyle",
    "getSelection",
    "isSecureContext"
  ],
  ...[
    "queueMicrotask",
    "structuredClone",
    "requestIdleCallback",
    "cancelIdleCallback",
    "reportError"
  ],
  ...["addEventListener", "removeEventListener", "dispatchEvent", "createImageBitmap", "caches"],
  ...[
    "indexedDB",
    "customElements",
    "CSS",
    "Option",
    "Audio",
    "Node",
    "NodeList",
    "Text",
    "Comment"
  ],
  ...["Element", "HTMLElement", "HTMLInputElement", "HTMLSelectElement", "HTMLCanvasElement"],
  ...[
    "HTMLButtonElement",
    "HTMLTextAreaElement",
    "HTMLImageElement",
    "SVGElement",
    "SVGSVGElement"
  ],
  ...[
    "Document",
    "DocumentFragment",
    "DOMParser",
    "DOMRect",
    "DOMPoint",
    "DOMMatrix",
    "Range",
    "Selection"
  ],
  ...["XMLSerializer", "Event", "EventTarget", "MessageEvent", "KeyboardEvent", "MouseEvent"],
  ...["PointerEvent", "WheelEvent", "TouchEvent", "InputEvent", "ErrorEvent", "ProgressEvent"],
  ...["DOMException", "AggregateError", "AbortController", "AbortSignal", "BroadcastChannel"],
  ...["MessageChannel", "MessagePort", "SharedWorker", "Request", "Response", "FormData"],
  ...["URLSearchParams", "XMLHttpRequest", "EventSource", "ReadableStream", "WritableStream"],
  ...["TransformStream", "CompressionStream", "DecompressionStream", "TextDecoderStream"],
  ...["TextEncoderStream", "ClipboardItem", "Clipboard", "Notification", "OffscreenCanvas"],
  ...["CanvasRenderingContext2D", "ImageBitmap", "MutationObserver", "ResizeObserver"],
  ...["IntersectionObserver", "PerformanceObserver", "SharedArrayBuffer", "Atomics", "WebAssembly"],
  ...[
    "BigInt64Array",
    "BigUint64Array",
    "Float16Array",
    "WeakRef",
    "FinalizationRegistry",
    "Iterator"
  ],
  ...["GPUAdapter", "GPUDevice", "GPUBuffer", "GPUBufferUsage", "GPUMapMode", "GPUShaderStage"],
  ...[
    "GPUTextureUsage",
    "GPUValidationError",
    "GPUOutOfMemoryError",
    "GPUInternalError",
    "arguments"
  ]
]);
