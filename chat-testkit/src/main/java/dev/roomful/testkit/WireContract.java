package dev.roomful.testkit;

import dev.roomful.Chat;

/**
 * The contract of a transport that speaks WebSocket (RFC 6455) over sockets: all of {@link
 * TransportContract}, and besides it what can only be shown on the wire. It covers refusals in
 * plain HTTP, origins, protocol violations, lengths that lie, and control frames in the midst of
 * others.
 *
 * <pre>{@code
 * class OurTransportTest extends WireContract {
 *   @Override
 *   protected WireServed serve(Chat chat, String path) throws Exception {
 *     OurServer server = new OurServer(0);
 *     OurTransport.mount(chat, server, path);
 *     server.start();
 *     return Served.at(URI.create("ws://localhost:" + server.port()), server::stop);
 *   }
 * }
 * }</pre>
 */
public abstract class WireContract extends WireTrafficCases {
  /** For subclasses. */
  protected WireContract() {}

  @Override
  protected abstract WireServed serve(Chat chat, String path) throws Exception;

  /**
   * Whether the transport tells the doorman where a connection comes from. One that has no way to
   * know says no: then the address must be absent, not made up.
   *
   * @return true, unless overridden
   */
  @Override
  protected boolean knowsRemoteAddress() {
    return true;
  }
}
