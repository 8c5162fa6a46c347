/**
 * ONNX Runtime reports its use to its makers, over the network, and keeps files of its own for that, unless this is set before it is
 * loaded. What models are asked, when and where, is told to nobody.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
