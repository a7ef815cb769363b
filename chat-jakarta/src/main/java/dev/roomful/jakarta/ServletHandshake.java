package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A handshake as a servlet sees it. */
final class ServletHandshake implements Handshake {
  private final HttpServletRequest request;
  private final Map<String, String> path;
  private final @Nullable String query; // the request is not asked once it is over

  ServletHandshake(HttpServletRequest request, Map<String, String> path) {
    this.request = request;
    this.path = path;
    this.query = request.getQueryString();
  }

  @Override
  public Optional<String> path(String name) {
    return Optional.ofNullable(path.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return Query.first(query, name);
  }

  @Override
  public Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new TreeMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.ofNullable(request.getRemoteAddr());
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(request.getUserPrincipal());
  }
}
