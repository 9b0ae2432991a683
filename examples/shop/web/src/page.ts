import { Cart, Item } from "./cart";

export function checkout(items: Item[]): string {
  const cart = new Cart(items);
  return `${cart.total().cents}`;
}
