import { checkout } from "../src/page";

export function testCheckout() {
  checkout([]);
}
