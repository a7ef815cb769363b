package dev.roomful.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/**
 * A chat on real sockets, whose clients are {@link WireClient}s; created by {@link
 * RunningTransport#at}.
 */
public final class RunningServer implements RunningTransport {

  private final URI base;
  private final AutoCloseable stop;

  RunningServer(URI base, AutoCloseable stop) {
    this.base = base;
    this.stop = stop;
  }

  /**
   * Creates a request to connect, with more settings than {@link #connect} has.
   *
   * @param pathAndQuery where to, encoded as in a URI
   * @return the request, which {@link ConnectRequest#connect} sends
   */
  public ConnectRequest request(String pathAndQuery) {
    return WireClient.request(base.resolve(pathAndQuery));
  }

  /**
   * Returns the address of the server.
   *
   * @return such as {@code ws://localhost:8080}
   */
  public URI base() {
    return base;
  }

  @Override
  public WireClient connect(String pathAndQuery, Map<String, String> headers) throws IOException {
    ConnectRequest request = request(pathAndQuery);
    headers.forEach(request::header);
    return request.connect();
  }

  @Override
  public void close() {
    try {
      stop.close();
    } catch (Exception failure) {
      throw new IllegalStateException("the server did not stop", failure);
    }
  }
}
