/** Output name -> the rows' numbers, row-major. */
export type ModelOutputs = Readonly<Record<string, Float32Array | Float64Array>>;
