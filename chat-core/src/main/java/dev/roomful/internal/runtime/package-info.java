/** Wires the parts of a chat. No other package imports this one. */
@NullMarked
package dev.roomful.internal.runtime;

import org.jspecify.annotations.NullMarked;
