/** Counts what happens, and reports it to observers and to the flight recorder. */
@NullMarked
package dev.roomful.internal.observation;

import org.jspecify.annotations.NullMarked;
