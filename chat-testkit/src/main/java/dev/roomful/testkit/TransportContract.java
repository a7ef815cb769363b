package dev.roomful.testkit;

import dev.roomful.Chat;
import java.util.Set;

/**
 * The contract of a transport, as a JUnit Jupiter class: extend it, serve a chat, and every case
 * runs against your transport.
 *
 * <pre>{@code
 * class MemoryTransportTest extends TransportContract {
 *   @Override
 *   protected Served serve(Chat chat, String path) {
 *     return new MemoryServer(Gateway.of(chat), path);
 *   }
 * }
 * }</pre>
 *
 * <p>The cases prove what {@link dev.roomful.transport.Connection} and {@link
 * dev.roomful.transport.Receiver} ask of a transport, through what a client sees and what the
 * application is told: delivery and order, texts and bytes of all sizes, close codes and losses,
 * who joined and left, slow readers and blocked handlers, limits, what the doorman sees, coming
 * back, and shutting down. After each case all counters must be zero, and no thread of the chat
 * left. All take about half a minute on two processors, and use no fixed port or file. A transport
 * over sockets extends {@link WireContract} instead, which has cases about the wire besides.
 */
public abstract class TransportContract extends ShutdownCases {

  /** For subclasses. */
  protected TransportContract() {}

  /**
   * Starts the transport under test with a chat. Called once in every case, each time with another
   * chat.
   *
   * @param chat the chat, which the contract closes before what this returns
   * @param path where to mount it, such as <code>/chat/{room}/{id}</code>: two path parameters,
   *     each of one segment
   * @return where the chat can be reached
   * @throws Exception if it cannot be started, and with it the case fails
   */
  @Override
  protected abstract Served serve(Chat chat, String path) throws Exception;

  /**
   * Whether {@link dev.roomful.transport.Connection#abort} ends a connection at once although its
   * client reads nothing. A transport over an interface that has no such call, as {@code
   * jakarta.websocket}, says no: then the case asks only that the chat has let go of it.
   *
   * @return true, unless overridden
   */
  @Override
  protected boolean cutsStalledReadersPromptly() {
    return true;
  }

  /**
   * What the server under the transport does otherwise than it should.
   *
   * @return nothing, unless overridden
   */
  @Override
  protected Set<Quirk> quirks() {
    return Set.of();
  }
}
