/** An amount in cents. */
export class Money {
  constructor(readonly cents: number) {}

  static zero(): Money {
    return new Money(0);
  }
  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }
}
