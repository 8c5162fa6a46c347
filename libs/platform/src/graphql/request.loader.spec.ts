import { beginEvent, loaderPerRequest } from './request.loader.ts';

describe('a loader', () => {
  it('reads a key once a request, and anew for each event of a subscription', async () => {
    const reads: string[][] = [];
    const loader = loaderPerRequest<string, number>(async (keys) => {
      reads.push([...keys]);
      return keys.map(() => reads.length);
    });
    const [request, subscription] = [{}, {}];
    const load = (context: object) => Promise.all(['a', 'b', 'a'].map((key) => loader(context).load(key)));
    expect(await load(request)).toEqual([1, 1, 1]);
    expect(await load(request)).toEqual([1, 1, 1]);
    for (const event of [2, 3]) {
      beginEvent(subscription);
      expect(await load(subscription)).toEqual([event, event, event]);
      expect(await load(subscription)).toEqual([event, event, event]);
    }
    expect(reads).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
});
