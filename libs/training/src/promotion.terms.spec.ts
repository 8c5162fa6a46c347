import { promotionTerms } from './promotion.terms.ts';

const gates = (passed: boolean) => [{ gate: 'loss <= 1', passed, evidence: '' }];
const byApproval = { promotion: { policy: 'approval', timeoutHours: 5 } } as const;

describe('promotionTerms', () => {
  it.each([
    [{}, 'when-gates-pass', { promote: 'now' }],
    [{ promotion: { policy: 'automatic' } }, 'when-gates-pass', { promote: 'now' }],
    [{}, 'when-approved', { promote: 'when-approved', timeoutHours: 72 }],
    [byApproval, 'when-gates-pass', { promote: 'when-approved', timeoutHours: 5 }],
    [byApproval, 'when-approved', { promote: 'when-approved', timeoutHours: 5 }],
    [byApproval, 'never', { promote: 'not-asked' }],
    [{}, 'never', { promote: 'not-asked' }],
  ] as const)('of policy %j and request %s are %j', (definition, promote, terms) => {
    expect(promotionTerms(definition, { promote }, gates(true))).toEqual(terms);
  });

  it('never ask people for what did not pass its gates', () => {
    for (const promote of ['when-gates-pass', 'when-approved'] as const) {
      for (const definition of [{}, byApproval]) {
        expect(promotionTerms(definition, { promote }, gates(false))).toEqual({ promote: 'gates-not-passed' });
      }
    }
  });
});
