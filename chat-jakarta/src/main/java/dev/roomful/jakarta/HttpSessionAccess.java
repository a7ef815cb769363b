package dev.roomful.jakarta;

import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP sessions. Only this class refers to the type, since containers without servlets do not
 * have it; they have no session either.
 */
final class HttpSessionAccess {
  private HttpSessionAccess() {}

  /** {@return a copy of the session's attributes, empty without a valid session} */
  static Map<String, Object> attributesOf(@Nullable Object session) {
    return session == null ? Map.of() : attributes((HttpSession) session);
  }

  /** {@return the open connections of a session; null without a session} */
  static @Nullable HttpSessionRegistry connectionsOf(@Nullable Object session) {
    return session == null ? null : HttpSessionConnections.of((HttpSession) session);
  }

  private static Map<String, Object> attributes(HttpSession session) {
    Map<String, Object> attributes = new HashMap<>();
    try {
      for (String name : Collections.list(session.getAttributeNames())) {
        Object value = session.getAttribute(name);
        if (value != null) { // Another request may have removed it meanwhile.
          attributes.put(name, value);
        }
      }
    } catch (IllegalStateException invalidated) {
      return Map.of(); // Another request has invalidated the session meanwhile.
    }
    return attributes;
  }
}
