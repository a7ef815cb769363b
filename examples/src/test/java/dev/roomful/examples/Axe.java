package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Deque's axe-core, which finds violations of accessibility rules. */
final class Axe {
  private static final String SCRIPT = script();

  private static final String FINDINGS =
      """
      async () => {
        const { violations } = await axe.run(document, { resultTypes: ["violations"] });
        return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
      }
      """;

  private Axe() {}

  /** Checks what is shown now. Fails if there is a serious or critical violation. */
  static void assertFindsNothing(Tab tab, String view) {
    tab.page().evaluate(SCRIPT);
    assertEquals(List.of(), tab.page().evaluate(FINDINGS), view);
  }

  private static String script() {
    try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
