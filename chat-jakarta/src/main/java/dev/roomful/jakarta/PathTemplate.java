package dev.roomful.jakarta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A path with parameters, such as {@code /ws/{client_id}}: a URI template of level 1 in which a
 * parameter is a whole segment (Jakarta WebSocket 2.1 section 3.1.1).
 */
final class PathTemplate {
  private final String text;
  private final List<String> segments;

  private PathTemplate(String text, List<String> segments) {
    this.text = text;
    this.segments = segments;
  }

  static PathTemplate of(String text) {
    List<String> segments = split(text);
    Set<String> names = new HashSet<>();
    if (!text.startsWith("/")
        || !segments.stream().allMatch(segment -> isValidSegment(segment, names))) {
      throw new IllegalArgumentException(
          "the path \""
              + text
              + "\" cannot be mounted: it has to start with a slash, and a parameter has to be a"
              + " whole segment with a name of its own, as in /ws/{client_id}; wildcards are not"
              + " supported");
    }
    return new PathTemplate(text, segments);
  }

  private static boolean isValidSegment(String segment, Set<String> names) {
    return isParameter(segment)
        ? segment.length() > 2 && names.add(segment)
        : segment.chars().noneMatch(c -> "{}*?#%".indexOf(c) >= 0);
  }

  /** {@return the servlet mapping: the path itself, or all paths below its fixed beginning} */
  String servletMapping() {
    StringBuilder fixed = new StringBuilder();
    for (String segment : segments) {
      if (isParameter(segment)) {
        return fixed + "/*";
      }
      fixed.append('/').append(segment);
    }
    // The mapping "/" is the default servlet; the mapping "" is the root alone.
    return fixed.length() == 1 ? "" : fixed.toString();
  }

  /** {@return the decoded parameters of a raw path, or nothing if the path does not match} */
  Optional<Map<String, String>> match(String path) {
    List<String> given = split(path);
    return given.size() == segments.size() ? match(given) : Optional.empty();
  }

  /** The same for a path that begins with a context path. */
  Optional<Map<String, String>> matchEnd(String path) {
    List<String> given = split(path);
    int surplus = given.size() - segments.size();
    return surplus < 0 ? Optional.empty() : match(given.subList(surplus, given.size()));
  }

  private Optional<Map<String, String>> match(List<String> given) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      String segment = segments.get(i);
      Optional<String> value = decoded(given.get(i));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      if (isParameter(segment)) {
        if (value.get().isEmpty()) {
          return Optional.empty();
        }
        parameters.put(segment.substring(1, segment.length() - 1), value.get());
      } else if (!segment.equals(value.get())) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  private static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    int from = 1;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      segments.add(path.substring(from, to));
      from = to + 1;
    }
    return segments;
  }

  /** Decodes a segment without its {@code ;parameters}. */
  private static Optional<String> decoded(String raw) {
    int semicolon = raw.indexOf(';');
    return PercentDecoder.decodePath(semicolon < 0 ? raw : raw.substring(0, semicolon));
  }

  @Override
  public String toString() {
    return text;
  }
}
