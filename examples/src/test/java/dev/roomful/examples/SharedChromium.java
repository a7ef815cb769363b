package dev.roomful.examples;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The Chromium that all test classes of a JVM share: starting one takes seconds. It ends with the
 * JVM. A store of JUnit would end it after each class, because Surefire runs each as a test plan of
 * its own. A test isolates itself with profiles, which it gives back.
 */
final class SharedChromium implements BeforeAllCallback {
  private static PlaywrightChromium chromium;

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  private static synchronized void start() {
    if (chromium == null) {
      chromium = PlaywrightChromium.start();
      Runtime.getRuntime().addShutdownHook(new Thread(chromium::close, "close-chromium"));
    }
  }

  BrowserProfiles profiles() {
    return chromium.profiles();
  }
}
