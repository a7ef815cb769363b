/** Auto-configuration, for {@code spring.autoconfigure.exclude} and for tests. */
@NullMarked
package dev.roomful.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
