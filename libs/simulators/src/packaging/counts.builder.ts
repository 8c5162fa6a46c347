import type { WorldCounts } from './packaging.world.ts';

/** Grows the columns of counts row by row. */
export class CountsBuilder {
  private capacity = 1 << 16;
  private rows = 0;
  private product = new Int32Array(this.capacity);
  private package = new Uint8Array(this.capacity);
  private day = new Uint16Array(this.capacity);
  private shipments = new Int32Array(this.capacity);
  private damages = new Int32Array(this.capacity);

  add(product: number, position: number, day: number, shipments: number, damages: number): void {
    if (this.rows === this.capacity) this.grow();
    this.product[this.rows] = product;
    this.package[this.rows] = position;
    this.day[this.rows] = day;
    this.shipments[this.rows] = shipments;
    this.damages[this.rows] = damages;
    this.rows++;
  }

  build(): WorldCounts {
    return {
      rows: this.rows,
      product: this.product.slice(0, this.rows),
      package: this.package.slice(0, this.rows),
      day: this.day.slice(0, this.rows),
      shipments: this.shipments.slice(0, this.rows),
      damages: this.damages.slice(0, this.rows),
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = <T extends Int32Array | Uint8Array | Uint16Array>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    this.product = larger(this.product, new Int32Array(this.capacity));
    this.package = larger(this.package, new Uint8Array(this.capacity));
    this.day = larger(this.day, new Uint16Array(this.capacity));
    this.shipments = larger(this.shipments, new Int32Array(this.capacity));
    this.damages = larger(this.damages, new Int32Array(this.capacity));
  }
}
