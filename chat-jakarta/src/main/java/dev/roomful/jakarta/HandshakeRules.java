package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the rules for a WebSocket handshake (RFC 6455 section 4.2.1, and RFC
 * 8441 section 5 for HTTP/2) before the chat or the container sees it. Containers disagree on which
 * malformed handshakes are errors of the client, and some answer them with 500.
 */
final class HandshakeRules {
  /** The only version of the protocol, and the value of {@code Sec-WebSocket-Version}. */
  static final String VERSION = "13";

  private static final int KEY_BYTES = 16;

  private HandshakeRules() {}

  /**
   * Checks the path below the context path.
   *
   * @param path the raw path
   * @param matched whether it matches the template
   * @param template where the chat is mounted
   */
  static Optional<Rejection> checkPath(String path, boolean matched, PathTemplate template) {
    if (PercentDecoder.decodePath(path).isEmpty()) {
      return reject(400, "encoding", "the path is not percent-encoded UTF-8");
    }
    for (String segment : path.split("/", -1)) {
      if (isAmbiguous(segment)) {
        return reject(
            400,
            "encoding",
            "a path segment is \".\" or \"..\", or contains an encoded slash, a backslash or an"
                + " encoded percent sign: pass such a name in the query");
      }
    }
    return matched
        ? Optional.empty()
        : reject(404, "path", "no chat is at this address; it is at " + template);
  }

  /** Tells whether some servers reject or resolve a raw segment which others decode. */
  private static boolean isAmbiguous(String segment) {
    int semicolon = segment.indexOf(';');
    String name = semicolon < 0 ? segment : segment.substring(0, semicolon);
    String decoded = PercentDecoder.decodePath(name).orElse("");
    return decoded.equals(".")
        || decoded.equals("..")
        || decoded.indexOf('/') >= 0
        || decoded.indexOf('\\') >= 0
        || decoded.indexOf('%') >= 0;
  }

  /** Checks the raw query. */
  static Optional<Rejection> checkQuery(@Nullable String query) {
    return query == null || PercentDecoder.decodeForm(query).isPresent()
        ? Optional.empty()
        : reject(400, "encoding", "the query is not percent-encoded UTF-8");
  }

  /**
   * Checks the request line and the headers, except those that {@link #checkKey} checks.
   *
   * @param method the request method
   * @param protocol the protocol with its version, such as {@code HTTP/1.1}
   */
  static Optional<Rejection> checkUpgrade(String method, String protocol, Handshake handshake) {
    if (isExtendedConnect(method, protocol)) {
      return checkVersion(handshake); // RFC 8441 section 5: neither Upgrade, Connection nor a key.
    }
    if (!method.equals("GET")) {
      return reject(405, "method", "a WebSocket handshake is a GET request, not " + method);
    }
    if (isHttp2(protocol)) {
      return reject(
          426,
          "upgrade",
          "this address accepts only WebSocket connections: over HTTP/2 use extended CONNECT (RFC"
              + " 8441), or connect with HTTP/1.1");
    }
    if (protocol.equals("HTTP/1.0") || protocol.equals("HTTP/0.9")) {
      return reject(400, "http-version", "a WebSocket handshake needs HTTP/1.1, not " + protocol);
    }
    if (!hasToken(handshake, "upgrade", "websocket")) {
      return reject(
          426,
          "upgrade",
          "this address accepts only WebSocket connections: send Upgrade: websocket");
    }
    if (!hasToken(handshake, "connection", "upgrade")) {
      return reject(
          400, "upgrade", "the header Connection: Upgrade is missing; a proxy may have removed it");
    }
    return checkVersion(handshake).or(() -> checkKey(handshake));
  }

  /**
   * Tells whether a request opens a WebSocket on a stream of HTTP/2. A plain {@code CONNECT} has no
   * path (RFC 9113 section 8.5), so it does not get here.
   */
  static boolean isExtendedConnect(String method, String protocol) {
    return method.equals("CONNECT") && isHttp2(protocol);
  }

  /** Tells whether a request came over HTTP/2, which has no {@code Upgrade} header. */
  static boolean isHttp2(String protocol) {
    return protocol.equals("HTTP/2.0") || protocol.equals("HTTP/2");
  }

  private static Optional<Rejection> checkVersion(Handshake handshake) {
    List<String> version = handshake.headers().getOrDefault("sec-websocket-version", List.of());
    return version.size() == 1 && version.get(0).trim().equals(VERSION)
        ? Optional.empty()
        : reject(426, "websocket-version", "only Sec-WebSocket-Version: 13 is supported");
  }

  /** Checks {@code Sec-WebSocket-Key}. */
  static Optional<Rejection> checkKey(Handshake handshake) {
    List<String> keys = handshake.headers().getOrDefault("sec-websocket-key", List.of());
    return keys.size() == 1 && isKey(keys.get(0).trim())
        ? Optional.empty()
        : reject(
            400, "websocket-key", "Sec-WebSocket-Key has to be one value of 16 bytes in base64");
  }

  /**
   * Checks that the client offers no subprotocol, or one that is supported. RFC 6455 section 4.2.2
   * allows an upgrade without a subprotocol otherwise, but browsers fail such a connection after it
   * has opened, and the participant would join and leave at each attempt.
   */
  static Optional<Rejection> checkSubprotocols(Handshake handshake, List<String> supported) {
    List<String> offered = handshake.subprotocols();
    if (offered.isEmpty() || offered.stream().anyMatch(supported::contains)) {
      return Optional.empty();
    }
    return reject(
        400,
        "subprotocol",
        // Without their names: the reason is logged, and one of them may be a token.
        "the client offers no subprotocol that is supported; supported are "
            + (supported.isEmpty() ? "none: connect without subprotocols" : supported));
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /** Tells whether a header, a list of tokens in one or several lines, contains a token. */
  private static boolean hasToken(Handshake handshake, String header, String token) {
    for (String line : handshake.headers().getOrDefault(header, List.of())) {
      for (String value : line.split(",", -1)) {
        if (value.trim().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<Rejection> reject(int status, String code, String reason) {
    return Optional.of(new Rejection(status, code, reason));
  }
}
