/**
 * What a transport implements and calls, to carry a chat over a server or over memory: {@link
 * dev.roomful.transport.Connection} is the way out to a client, {@link
 * dev.roomful.transport.Receiver} the way in, {@link dev.roomful.transport.Gateway} the door.
 * Applications need none of it.
 *
 * <p>The contract is in the Javadoc of these types; the module {@code chat-testkit} proves a
 * transport by it.
 */
@NullMarked
package dev.roomful.transport;

import org.jspecify.annotations.NullMarked;
