package dev.roomful.internal.session;

import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which browsers' pages may connect (RFC 6455 section 10.2): those of the same origin as the {@code
 * Host}, and those on the allow-list. A client without an {@code Origin} is no browser.
 */
public final class OriginCheck {
  private final Set<String> allowed;
  private final boolean required;

  public OriginCheck(Set<String> allowed, boolean required) {
    this.allowed = Set.copyOf(allowed);
    this.required = required;
  }

  public Optional<Rejection> check(Handshake handshake) {
    Optional<String> origin = handshake.header("origin");
    if (origin.isEmpty()) {
      return required
          ? Optional.of(new Rejection(403, Rejection.ORIGIN, "an Origin header is required"))
          : Optional.empty();
    }
    String normalized = origin.get().toLowerCase(Locale.ROOT);
    if (allowed.contains("*")
        || allowed.contains(normalized)
        || handshake.header("host").filter(host -> isSame(normalized, host)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new Rejection(403, Rejection.ORIGIN, "this origin is not allowed"));
  }

  /** An entry of the allow-list in the form that browsers send, or an error that names it. */
  public static String validated(String origin) {
    String normalized = origin.toLowerCase(Locale.ROOT);
    boolean valid =
        normalized.equals("*")
            || normalized.equals("null")
            || normalized.matches("[a-z][a-z0-9+.-]*://[^/?#@]+");
    if (!valid) {
      throw new IllegalArgumentException(
          "the allowed origin \""
              + origin
              + "\" is not of the form scheme://host or scheme://host:port");
    }
    return normalized;
  }

  /**
   * The scheme is not compared: behind a proxy that ends TLS the server does not know its own. Nor
   * is it parsed as a URI: that knows no host with an underscore, which networks of containers
   * have.
   */
  private static boolean isSame(String origin, String host) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return false;
    }
    String defaultPort = origin.startsWith("https:") ? ":443" : ":80";
    String hostWithoutPort = without(defaultPort, host.toLowerCase(Locale.ROOT));
    return !hostWithoutPort.isEmpty()
        && without(defaultPort, origin.substring(end + 3)).equals(hostWithoutPort);
  }

  private static String without(String port, String hostAndPort) {
    return hostAndPort.endsWith(port)
        ? hostAndPort.substring(0, hostAndPort.length() - port.length())
        : hostAndPort;
  }
}
