package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
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
      async (rules) => {
        const animations = document.getAnimations()
            .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity);
        await Promise.allSettled(animations.map(({ finished }) => finished)); // colours change in it
        const runOnly = rules.length > 0 ? { runOnly: rules } : {};
        const { violations } = await axe.run(document, { resultTypes: ["violations"], ...runOnly });
        return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
      }
      """;

  private static final List<String> ALL_RULES = List.of();

  private Axe() {}

  /** Checks what is shown now. Fails if there is a serious or critical violation. */
  static void assertFindsNothing(Tab tab, String view) {
    assertFindsNothing(tab, view, ALL_RULES);
  }

  /**
   * Checks what is shown now in light and in dark colours; only one rule depends on them. Fails if
   * there is a serious or critical violation.
   */
  static void assertFindsNothingInLightAndDark(Tab tab, String view) {
    setColours(tab, ColorScheme.LIGHT);
    assertFindsNothing(tab, view, ALL_RULES);
    setColours(tab, ColorScheme.DARK);
    assertFindsNothing(tab, view + " in the dark", List.of("color-contrast"));
    setColours(tab, ColorScheme.LIGHT);
  }

  /** Without motion, so that no colour is half-way between the two. */
  private static void setColours(Tab tab, ColorScheme colours) {
    tab.page()
        .emulateMedia(
            new Page.EmulateMediaOptions()
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE));
  }

  private static void assertFindsNothing(Tab tab, String view, List<String> rules) {
    if (tab.page().evaluate("window.axe === undefined").equals(true)) {
      tab.page().evaluate(SCRIPT);
    }
    assertEquals(List.of(), tab.page().evaluate(FINDINGS, rules), view);
  }

  private static String script() {
    try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
