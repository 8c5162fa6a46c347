import type { ProductRow, ShipmentCountRow } from '../contract/index.ts';

/** Why a row is refused for what it refers to; null: it is not. */
type Verdict = readonly [column: string, reason: string] | null;

/** Codes and ids that rows may refer to. `lookUp` answers those of `ids` that are known from elsewhere. */
export class References {
  readonly #products = new Set<string>();
  readonly #missing = new Set<string>();

  constructor(
    private readonly packages: ReadonlySet<string>,
    private readonly lookUp: (ids: readonly string[]) => Promise<readonly string[]> = () => Promise.resolve([]),
  ) {}

  addProducts(rows: readonly ProductRow[]): void {
    for (const { product_id } of rows) this.#products.add(product_id);
  }

  checkProducts = (rows: readonly ProductRow[]): Promise<Verdict[]> =>
    Promise.resolve(
      rows.map(({ current_package: code }) =>
        code === null || this.packages.has(code) ? null : ['current_package', this.#unknownPackage(code)],
      ),
    );

  checkCounts = async (rows: readonly ShipmentCountRow[]): Promise<Verdict[]> => {
    const unseen = new Set<string>();
    for (const { product_id: id } of rows) if (!this.#products.has(id) && !this.#missing.has(id)) unseen.add(id);
    if (unseen.size > 0) {
      for (const id of await this.lookUp([...unseen])) {
        this.#products.add(id);
        unseen.delete(id);
      }
      for (const id of unseen) this.#missing.add(id);
    }
    return rows.map(({ product_id: id, package: code }) => {
      if (!this.#products.has(id)) return ['product_id', `expected a known product, got "${id}"`];
      return this.packages.has(code) ? null : ['package', this.#unknownPackage(code)];
    });
  };

  #unknownPackage(code: string): string {
    return `expected one of the packages ${[...this.packages].join(', ')}, got "${code}"`;
  }
}
