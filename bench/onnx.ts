/**
 * An ONNX model of one node, `y = MatMul(x, w)` in float32 at fixed shapes, as bytes of protobuf
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
export function matmulModel(rows: number, columns: number, outs: number): Uint8Array {
  const node = [
    ...text(1, "x"),
    ...text(1, "w"),
    ...text(2, "y"),
    ...text(3, "matmul"),
    ...text(4, "MatMul")
  ];
  const graph = [
    ...message(1, node),
    ...text(2, "matmul"),
    ...message(11, valueInfo("x", [rows, columns])),
    ...message(11, valueInfo("w", [columns, outs])),
    ...message(12, valueInfo("y", [rows, outs]))
  ];
  const operatorSet = integer(2, 17);
  return Uint8Array.from([...integer(1, 8), ...message(7, graph), ...message(8, operatorSet)]);
}

const FLOAT = 1;

function valueInfo(name: string, shape: readonly number[]): number[] {
  const dimensions = shape.flatMap((size) => message(1, integer(1, size)));
  const tensor = [...integer(1, FLOAT), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const integer = (field: number, value: number): number[] => [field * 8, ...varint(value)];

const message = (field: number, bytes: readonly number[]): number[] => [
  field * 8 + 2,
  ...varint(bytes.length),
  ...bytes
];

const text = (field: number, value: string): number[] =>
  message(field, [...new TextEncoder().encode(value)]);
