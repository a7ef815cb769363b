package dev.roomful.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** A chat on the transport under test, ready for clients, until it is closed. */
public interface Served extends AutoCloseable {

  /**
   * Connects a client with headers of its own.
   *
   * @param pathAndQuery where to, encoded as in a URI, such as {@code /chat/hall/ann?tab=2}
   * @param headers more headers of the request, by name
   * @return the client, once its handshake was accepted
   * @throws WireClient.Refused if its handshake was refused
   * @throws IOException if there was no answer
   */
  Peer connect(String pathAndQuery, Map<String, String> headers) throws IOException;

  /** Stops the transport; called once, after the contract has closed the chat. */
  @Override
  void close();

  /**
   * A chat on real sockets.
   *
   * @param base where the server is, such as {@code ws://localhost:8080}
   * @param stop stops the server
   * @return the served chat
   */
  static WireServed at(URI base, AutoCloseable stop) {
    return new WireServed(base, stop);
  }
}
