package dev.roomful.examples;

import java.time.Duration;

/**
 * Where a server listens, and what it accepts there.
 *
 * @param host the address to listen on
 * @param port the port, 0 for a free one
 * @param requestTimeout the time in which a client has to send its request
 * @param trustForwarded whether the server believes what a proxy says about the client's request in
 *     {@code Forwarded} (RFC 7239), {@code X-Forwarded-Host}, {@code X-Forwarded-Proto} and {@code
 *     X-Forwarded-For}. Any client can send these headers, so it must be false unless all clients
 *     connect through a proxy that sets them.
 */
record Listener(String host, int port, Duration requestTimeout, boolean trustForwarded) {
  static Listener of(String host, int port) {
    return new Listener(host, port, Duration.ofSeconds(10), false);
  }

  Listener withRequestTimeout(Duration timeout) {
    return new Listener(host, port, timeout, trustForwarded);
  }

  Listener withTrustForwarded(boolean trust) {
    return new Listener(host, port, requestTimeout, trust);
  }
}
