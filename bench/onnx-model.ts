// The few parts of an ONNX model file that the benchmark writes: nodes, constants and declared inputs, as protocol buffers.
// Field numbers: onnx.proto (github.com/onnx/onnx).

const FLOAT = 1;
const INT64 = 7;
const IR_VERSION = 8;

export interface OnnxNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** '' for the standard operators. */
  domain?: string;
  attributes?: Record<string, number | number[]>;
  /** Names of attributes that are floats; the others are integers. */
  floats?: string[];
}

export interface OnnxGraph {
  nodes: OnnxNode[];
  inputs: Record<string, number[]>;
  outputs: Record<string, number[]>;
  constants?: Record<string, { shape: number[]; data: Float32Array | BigInt64Array }>;
}

type Field = number[] | Uint8Array;

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; ) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    if (rest === 0n) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const join = (fields: Field[]) => {
  const all = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let at = 0;
  for (const field of fields) {
    all.set(field, at);
    at += field.length;
  }
  return all;
};
const integer = (id: number, value: number) => [...varint(id << 3), ...varint(value)];
const nested = (id: number, body: Field) => join([[...varint((id << 3) | 2), ...varint(body.length)], body]);
const text = (id: number, value: string) => nested(id, new TextEncoder().encode(value));
const float = (id: number, value: number) =>
  join([varint((id << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);

function attribute(name: string, value: number | number[], isFloat: boolean): Uint8Array {
  // AttributeProto: name 1, f 2, i 3, ints 8, type 20 (FLOAT 1, INT 2, INTS 7).
  if (Array.isArray(value)) return join([text(1, name), ...value.map((each) => integer(8, each)), integer(20, 7)]);
  return isFloat
    ? join([text(1, name), float(2, value), integer(20, 1)])
    : join([text(1, name), integer(3, value), integer(20, 2)]);
}

function node({ op, inputs, outputs, domain = '', attributes = {}, floats = [] }: OnnxNode): Uint8Array {
  return join([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => nested(5, attribute(name, value, floats.includes(name)))),
    text(7, domain),
  ]);
}

function valueInfo(name: string, shape: number[]): Uint8Array {
  const dimensions = join(shape.map((extent) => nested(1, integer(1, extent))));
  const tensorType = join([integer(1, FLOAT), nested(2, dimensions)]);
  return join([text(1, name), nested(2, nested(1, tensorType))]);
}

function constant(name: string, shape: number[], data: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? FLOAT : INT64;
  return join([...shape.map((extent) => integer(1, extent)), integer(2, type), text(8, name), nested(9, bytes)]);
}

/** @returns the bytes of a model with one graph, for opset 17 and Microsoft's own operators */
export function onnxModel({ nodes, inputs, outputs, constants = {} }: OnnxGraph): Uint8Array {
  const graph = join([
    ...nodes.map((each) => nested(1, node(each))),
    text(2, 'problem'),
    ...Object.entries(constants).map(([name, { shape, data }]) => nested(5, constant(name, shape, data))),
    ...Object.entries(inputs).map(([name, shape]) => nested(11, valueInfo(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => nested(12, valueInfo(name, shape))),
  ]);
  const opset = (domain: string, version: number) => nested(8, join([text(1, domain), integer(2, version)]));
  return join([integer(1, IR_VERSION), nested(7, graph), opset('', 17), opset('com.microsoft', 1)]);
}
