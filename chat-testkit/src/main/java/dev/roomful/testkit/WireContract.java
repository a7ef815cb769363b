package dev.roomful.testkit;

import dev.roomful.Chat;

/**
 * The contract of a transport of WebSocket (RFC 6455) over sockets: all cases of {@link
 * TransportContract}, and cases about the wire: rejections in plain HTTP, origins, protocol
 * violations, announced lengths, control frames between others, and faults of the network.
 *
 * <pre>{@code
 * class OurTransportTest extends WireContract {
 *   @Override
 *   protected RunningServer serve(Chat chat, String path) throws Exception {
 *     OurServer server = new OurServer(0);
 *     OurTransport.mount(chat, server, path);
 *     server.start();
 *     return RunningTransport.at(URI.create("ws://localhost:" + server.port()), server::stop);
 *   }
 * }
 * }</pre>
 */
public abstract class WireContract extends WireSoakCases {
  /** For subclasses. */
  protected WireContract() {}

  @Override
  protected abstract RunningServer serve(Chat chat, String path) throws Exception;

  /**
   * Returns whether the transport knows the remote address of a connection. If it does not, the
   * address must be absent.
   *
   * @return true, unless overridden
   */
  @Override
  protected boolean knowsRemoteAddress() {
    return true;
  }
}
