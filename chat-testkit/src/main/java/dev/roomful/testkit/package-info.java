/**
 * The contract of transports, published for those who implement one. Extend {@link
 * dev.roomful.testkit.WireContract} for a transport over sockets, {@link
 * dev.roomful.testkit.TransportContract} for another one, and {@link
 * dev.roomful.testkit.AdapterContract} for an adapter of a server. The rules are in {@link
 * dev.roomful.testkit.TransportContract}; {@link dev.roomful.testkit.WireClient} can be used alone.
 */
@NullMarked
package dev.roomful.testkit;

import org.jspecify.annotations.NullMarked;
