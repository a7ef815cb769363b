/** Benchmarks of the core alone, and of whole servers over loopback sockets. */
@NullMarked
package dev.roomful.benchmarks;

import org.jspecify.annotations.NullMarked;
