/**
 * The SPI for transports, which carry a chat over a server or over memory. A transport implements
 * {@link dev.roomful.transport.Connection} for the output to a client. It calls {@link
 * dev.roomful.transport.Gateway} for handshakes and {@link dev.roomful.transport.Receiver} for the
 * input of a client. Applications need none of it.
 *
 * <p>The Javadoc of these types is the contract of a transport. The module {@code chat-testkit}
 * tests a transport against it.
 */
@NullMarked
package dev.roomful.transport;

import org.jspecify.annotations.NullMarked;
