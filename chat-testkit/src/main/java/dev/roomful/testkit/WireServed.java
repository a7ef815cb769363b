package dev.roomful.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** A chat on real sockets, whose clients are {@link WireClient}s; made by {@link Served#at}. */
public final class WireServed implements Served {

  private final URI base;
  private final AutoCloseable stop;

  WireServed(URI base, AutoCloseable stop) {
    this.base = base;
    this.stop = stop;
  }

  /**
   * Begins a connection with further settings than {@link #connect} has.
   *
   * @param pathAndQuery where to, encoded as in a URI
   * @return how to connect, to be completed
   */
  public Dial dial(String pathAndQuery) {
    return WireClient.dial(base.resolve(pathAndQuery));
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
    Dial dial = dial(pathAndQuery);
    headers.forEach(dial::header);
    return dial.connect();
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
