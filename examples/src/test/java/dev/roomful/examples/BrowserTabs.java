package dev.roomful.examples;

import com.microsoft.playwright.BrowserContext;
import dev.roomful.tokens.Tokens;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The tabs that show the page of {@link RoomsExample} during a test, each in a browser profile of
 * its own unless it is a second tab of one. All test classes share one Chromium. After a test the
 * tabs are closed, and the test fails if there was an error in the console of one of them.
 *
 * <p>A server that is started here closes the tabs before it stops: a page that outlives its server
 * tries to reconnect, and leaves an error in its console.
 */
final class BrowserTabs implements BeforeAllCallback, AfterEachCallback {
  private final List<Tab> tabs = new ArrayList<>();
  private final Set<BrowserContext> profiles = new LinkedHashSet<>();
  private final SharedChromium chromium = new SharedChromium();

  @Override
  public void beforeAll(ExtensionContext context) {
    chromium.beforeAll(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<Tab> all = List.copyOf(tabs);
    tabs.clear();
    // The clock of a profile cannot be changed back.
    all.stream().filter(Tab::usesClock).map(Tab::browser).forEach(this::discard);
    profiles.forEach(chromium.profiles()::giveBack);
    profiles.clear();
    if (context.getExecutionException().isEmpty()) {
      all.forEach(Tab::assertNoErrors);
    }
  }

  private void discard(BrowserContext profile) {
    if (profiles.remove(profile)) {
      chromium.profiles().discard(profile);
    }
  }

  private void closeTabs() {
    tabs.forEach(tab -> tab.page().close());
  }

  /**
   * Starts the example on one server, for a story in which the server plays no part. What depends
   * on the server, such as how connections end and resume, is told on each of them.
   */
  RunningExample start() throws Exception {
    return start(Host.Kind.JETTY);
  }

  RunningExample start(Host.Kind server) throws Exception {
    return start(server, 0);
  }

  RunningExample start(Host.Kind server, int port) throws Exception {
    return closingTabs(RunningExample.start(server, Example.ROOMS, port));
  }

  RunningExample start(Tokens tokens) throws Exception {
    return start(RunningExample.settings(Example.ROOMS).withTokens(tokens));
  }

  RunningExample start(ChatSettings settings) throws Exception {
    return closingTabs(
        RunningExample.start(Host.Kind.JETTY, Example.ROOMS, RunningExample.listener(0), settings));
  }

  private RunningExample closingTabs(RunningExample example) {
    example.beforeClose(this::closeTabs);
    return example;
  }

  /** Opens a tab in a new profile and joins the lobby under a name. */
  Tab join(RunningExample chat, String name) {
    return open(chat.uri("/")).join(name);
  }

  Tab join(URI address, String name) {
    return open(address).join(name);
  }

  /** Opens a tab in a new profile. */
  Tab open(URI address) {
    BrowserContext profile = chromium.profiles().take();
    profiles.add(profile);
    return open(profile, address);
  }

  /** Opens another tab in the profile of a tab, as the same person. */
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
