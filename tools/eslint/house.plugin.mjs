import { fileNameRule } from './file-name.rule.mjs';
import { graphRule } from './graph.rule.mjs';
import { roomRule } from './room.rule.mjs';

/** House rules: what no published rule says. */
export const house = { rules: { graph: graphRule, room: roomRule, 'file-name': fileNameRule } };
