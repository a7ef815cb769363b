package dev.roomful.internal.validation;

/** Checks of numbers that an application sets. */
public final class Arguments {
  private Arguments() {}

  /**
   * Returns the value, or throws an {@link IllegalArgumentException} if it is below the minimum.
   */
  public static int requireAtLeast(int minimum, int value, String name) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          name + " is " + value + ": it must be at least " + minimum);
    }
    return value;
  }
}
