package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Parts of a test's source that a document shows. */
final class Snippets {
  /** A block of Java, and the comment in the line above it, if there is one. */
  static final Pattern BLOCK =
      Pattern.compile("(?:<!-- ([^\\n]*) -->\\s*\\n)?```java\\n(.*?)\\n```", Pattern.DOTALL);

  private static final Pattern TAGGED =
      Pattern.compile("// tag::(\\w+)\\n(.*?)\\n *// end::\\1\\n", Pattern.DOTALL);

  private Snippets() {}

  /** {@return the parts of a test between tags, by the comment that names them in a document} */
  static Map<String, String> of(Class<?> test) throws IOException {
    Path source = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
    Map<String, String> snippets = new HashMap<>();
    Matcher tagged = TAGGED.matcher(Files.readString(source));
    while (tagged.find()) {
      snippets.put("snippet: " + tagged.group(1), code(tagged.group(2)));
    }
    return snippets;
  }

  /** Checks that a file has the code, at whatever indentation. */
  static void assertIsPartOf(Path file, String code) throws IOException {
    String source = Files.readString(file);
    assertTrue(
        IntStream.of(0, 2, 4, 6)
            .mapToObj(code::indent)
            .anyMatch(indented -> source.contains(indented.stripTrailing())),
        () -> file + " does not have this code:\n" + code);
  }

  /** {@return the code without the indentation that all its lines have} */
  static String code(String text) {
    return text.stripTrailing().stripIndent().strip();
  }
}
