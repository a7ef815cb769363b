package dev.roomful.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** A chat on the transport under test, which accepts clients until it is closed. */
public interface RunningTransport extends AutoCloseable {

  /**
   * Connects a client with additional headers.
   *
   * @param pathAndQuery where to, encoded as in a URI, such as {@code /chat/hall/ann?tab=2}
   * @param headers additional headers of the request, by name
   * @return the client, whose handshake was accepted
   * @throws WireClient.Rejected if its handshake was rejected
   * @throws IOException if there is no answer
   */
  Peer connect(String pathAndQuery, Map<String, String> headers) throws IOException;

  /** Stops the transport; called once, after the contract has closed the chat. */
  @Override
  void close();

  /**
   * Creates a served chat on real sockets.
   *
   * @param base where the server is, such as {@code ws://localhost:8080}
   * @param stop stops the server
   * @return the served chat
   */
  static RunningServer at(URI base, AutoCloseable stop) {
    return new RunningServer(base, stop);
  }
}
