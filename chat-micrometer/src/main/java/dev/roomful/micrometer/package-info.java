/**
 * The figures of a chat for Micrometer. Most users need {@link dev.roomful.micrometer.ChatMetrics},
 * and for traces {@link dev.roomful.micrometer.ObservedRoomHandler}.
 */
@NullMarked
package dev.roomful.micrometer;

import org.jspecify.annotations.NullMarked;
