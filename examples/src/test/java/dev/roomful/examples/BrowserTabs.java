package dev.roomful.examples;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Those who are at the page of {@link RoomsExample} during a test, each at a browser of its own;
 * all of them in one Chromium, which all test classes share. Who is still there after a test
 * leaves, and the test fails if there was an error in the console of any of them.
 */
final class BrowserTabs implements BeforeAllCallback, AfterEachCallback {
  private final List<Tab> tabs = new ArrayList<>();
  private PlaywrightChromium chromium;

  @Override
  public void beforeAll(ExtensionContext context) {
    chromium =
        context
            .getRoot()
            .getStore(Namespace.create(BrowserTabs.class))
            .computeIfAbsent(
                PlaywrightChromium.class,
                first -> PlaywrightChromium.start(),
                PlaywrightChromium.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<Tab> all = List.copyOf(tabs);
    tabs.clear();
    all.forEach(tab -> tab.browser().close());
    if (context.getExecutionException().isEmpty()) {
      all.forEach(Tab::assertNoErrors);
    }
  }

  /** Somebody who was never here before comes in under a name, and into the lobby. */
  Tab join(RunningExample chat, String name) {
    return open(chat.uri("/")).join(name);
  }

  Tab join(URI address, String name) {
    return open(address).join(name);
  }

  /** Somebody who was never here before opens the page. */
  Tab open(URI address) {
    return open(
        address, new Browser.NewContextOptions().setViewportSize(1280, 800).setLocale("en-GB"));
  }

  Tab open(URI address, Browser.NewContextOptions options) {
    return open(chromium.browser().newContext(options), address);
  }

  /** Another tab of the same browser, hence of the same person. */
  Tab openSecondTab(Tab tab) {
    return open(tab.browser(), URI.create(tab.page().url()));
  }

  Tab open(BrowserContext browser, URI address) {
    Tab tab = new Tab(browser);
    tabs.add(tab);
    tab.page().navigate(address.toString());
    return tab;
  }
}
