package dev.roomful.examples;

import com.microsoft.playwright.Browser;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The Chromium that all test classes share: starting one takes seconds. It ends after the last
 * test. A test isolates itself with a browser context of its own.
 */
final class SharedChromium implements BeforeAllCallback {
  private PlaywrightChromium chromium;

  @Override
  public void beforeAll(ExtensionContext context) {
    chromium =
        context
            .getRoot()
            .getStore(Namespace.create(SharedChromium.class))
            .computeIfAbsent(
                PlaywrightChromium.class,
                first -> PlaywrightChromium.start(),
                PlaywrightChromium.class);
  }

  Browser browser() {
    return chromium.browser();
  }
}
