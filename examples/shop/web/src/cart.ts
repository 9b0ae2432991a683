import { Money } from "./money";

export interface Item {
  name: string;
  price: Money;
}

/** What a visitor wants to buy. */
export class Cart {
  constructor(private items: Item[]) {}

  total(): Money {
    return this.items.reduce((sum, item) => sum.plus(item.price), Money.zero());
  }
}
