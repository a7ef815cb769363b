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
 *   protected RunningTransport serve(Chat chat, String path) {
 *     return new MemoryServer(Gateway.of(chat), path);
 *   }
 * }
 * }</pre>
 *
 * <p>For each connection a transport calls {@code open (text | binary | fragment | pong)* closing?
 * (text | binary)* closed} on the chat, and the chat calls {@code (write | ping)* close?} on the
 * transport, and {@code abort} at any time. The rules below complete what {@link
 * dev.roomful.transport.Receiver} and {@link dev.roomful.transport.Connection} say. The display
 * name of a case begins with the number of its rule.
 *
 * <p><b>1. Input</b>
 *
 * <ol>
 *   <li value="1">Messages of a connection are delivered one at a time, in the order of the wire.
 *   <li value="2">All messages before a close frame are delivered before {@code closed}, even if a
 *       write to their sender fails or is stuck meanwhile.
 *   <li value="3">Messages are delivered whole, whatever their size and their frames, text as it
 *       was encoded in UTF-8.
 *   <li value="4">{@code closed} is called exactly once, with the client's code and reason: 1005 if
 *       its close frame has no code, 1006 if there is no close frame.
 *   <li value="5">Pongs are reported, so that the chat can tell a silent client from a dead one.
 * </ol>
 *
 * <p><b>2. Output</b>
 *
 * <ol>
 *   <li value="1">Frames reach the client whole, once, and in the order of the writes.
 *   <li value="2">{@code write} does not wait for the client.
 *   <li value="3">Each write and each ping is completed exactly once. (An adapter's own tests prove
 *       it; here a write that is never completed fails other cases.)
 *   <li value="4">The close frame follows everything written before, with the code and the reason
 *       that the chat gave.
 *   <li value="5">{@code abort} ends the connection promptly, even if the client reads nothing.
 * </ol>
 *
 * <p><b>3. Isolation</b>
 *
 * <ol>
 *   <li value="1">A stalled reader, a blocked handler or a blocked authenticator delays nobody
 *       else.
 *   <li value="2">A violation of the protocol or of a limit closes the connection of its sender
 *       only.
 *   <li value="3">The memory that one client can occupy is bounded, whatever it sends or does not
 *       read.
 *   <li value="4">Pings are answered, also while data is written and while a handler runs. Of
 *       several pings the latest is answered (RFC 6455 section 5.5.3).
 * </ol>
 *
 * <p><b>4. Handshake</b>
 *
 * <ol>
 *   <li value="1">The authenticator sees the decoded parameters, the headers and the subprotocols.
 *       Nothing is negotiated that the chat did not ask for.
 *   <li value="2">A rejection is an HTTP response with the rejection's status, code and reason, and
 *       leaves no trace in the chat.
 *   <li value="3">The {@code Origin} of a browser is checked.
 * </ol>
 *
 * <p><b>5. End</b>
 *
 * <ol>
 *   <li value="1">After each case every counter is zero and no thread of the chat is left.
 *   <li value="2">Closing the chat flushes what is queued, closes with 1012 within the shutdown
 *       timeout, and rejects new handshakes.
 * </ol>
 *
 * <p>All cases take about half a minute on two processors, and use no fixed port or file. A
 * transport over sockets extends {@link WireContract} instead, which adds cases about the wire.
 */
public abstract class TransportContract extends ShutdownCases {

  /** For subclasses. */
  protected TransportContract() {}

  /**
   * Starts the transport under test with a chat. Called once in each case, with a new chat.
   *
   * @param chat the chat, which the contract closes before the returned object
   * @param path where to mount it, such as <code>/chat/{room}/{id}</code>: two path parameters,
   *     each of one segment
   * @return where the chat can be reached
   * @throws Exception if it cannot be started; the case then fails
   */
  @Override
  protected abstract RunningTransport serve(Chat chat, String path) throws Exception;

  /**
   * Returns whether {@link dev.roomful.transport.Connection#abort} ends a connection at once
   * although its client reads nothing. A transport over an API without such a call, as {@code
   * jakarta.websocket}, returns false; the case then requires only that the chat has released the
   * connection.
   *
   * @return true, unless overridden
   */
  @Override
  protected boolean cutsStalledReadersPromptly() {
    return true;
  }

  /**
   * Returns the rules that the server under the transport breaks.
   *
   * @return none, unless overridden
   */
  @Override
  protected Set<Quirk> quirks() {
    return Set.of();
  }
}
