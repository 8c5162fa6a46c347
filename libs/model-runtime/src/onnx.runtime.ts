import './runtime.silence.ts';

export { InferenceSession, Tensor } from 'onnxruntime-node';
