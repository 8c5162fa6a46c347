import { amountOrShare } from './money.limit.ts';

describe('amountOrShare', () => {
  it.each([
    ['95%', { share: 0.95 }],
    ['100 %', { share: 1 }],
    ['0%', { share: 0 }],
    ['120000', { inr: 120_000 }],
    ['1,20,000.50', { inr: 120_000.5 }],
    ['INR 120000', { inr: 120_000 }],
    ['₹1_000', { inr: 1000 }],
  ])('reads %s', (text, amount) => expect(amountOrShare(text)).toEqual(amount));

  it.each(['', '%', '-5', '-5%', 'a lot', '1e5', 'NaN', '95%%'])('refuses %p', (text) =>
    expect(() => amountOrShare(text)).toThrow('expected a share such as 95%'),
  );
});
