/**
 * Which display names people would take for one another: {@link dev.roomful.names.Confusables}. On
 * its own, because it brings ICU4J, some 15 MB; the core does without.
 */
@NullMarked
package dev.roomful.names;

import org.jspecify.annotations.NullMarked;
