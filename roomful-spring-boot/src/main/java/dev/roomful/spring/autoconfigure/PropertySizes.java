package dev.roomful.spring.autoconfigure;

import org.springframework.util.unit.DataSize;

/** Converts sizes of properties to those of the core. */
final class PropertySizes {
  private PropertySizes() {}

  static int toInt(String property, DataSize size) {
    if (size.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(property + " is " + size + ": choose less than 2 GB");
    }
    return (int) size.toBytes();
  }
}
