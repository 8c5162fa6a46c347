import { fileNameRule } from './file-name.rule.mjs';
import { roomRule } from './room.rule.mjs';

/** House rules: what no published rule says. */
export const house = { rules: { room: roomRule, 'file-name': fileNameRule } };
