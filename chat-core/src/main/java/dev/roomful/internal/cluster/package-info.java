/**
 * Follows logs that several nodes share: order, gaps, entries that are sent again, snapshots, and
 * logs that have lost entries. Knows bytes, and not what they mean.
 */
@NullMarked
package dev.roomful.internal.cluster;

import org.jspecify.annotations.NullMarked;
