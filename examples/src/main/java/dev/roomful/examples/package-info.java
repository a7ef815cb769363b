/** Example programs to read and run. */
@NullMarked
package dev.roomful.examples;

import org.jspecify.annotations.NullMarked;
