import { InvalidArgumentError } from 'commander';

import type { AmountOrShare } from '@haat/packaging/serving';

/** `95%` is a share (of what today's packages cost); `120000`, `1,20,000` and `INR 120000` are rupees a month. */
export function amountOrShare(text: string): AmountOrShare {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (share) return { share: Number(share[1]) / 100 };
  const amount = /^(?:INR|₹)?\s*(\d[\d,_]*(?:\.\d+)?)\s*(?:INR)?$/i.exec(text.trim());
  if (amount) return { inr: Number(amount[1].replaceAll(/[,_]/g, '')) };
  throw new InvalidArgumentError('expected a share such as 95% or an amount in INR such as 120000');
}
