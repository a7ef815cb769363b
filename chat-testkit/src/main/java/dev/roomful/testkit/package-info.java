/**
 * The contract that every transport of a chat must pass, published for those who write one: extend
 * {@link dev.roomful.testkit.WireContract} if it speaks WebSocket over sockets, and {@link
 * dev.roomful.testkit.TransportContract} if it doesn't. {@link dev.roomful.testkit.WireClient}, the
 * client behind the first, can be used alone.
 */
@NullMarked
package dev.roomful.testkit;

import org.jspecify.annotations.NullMarked;
