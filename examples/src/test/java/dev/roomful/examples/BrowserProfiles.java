package dev.roomful.examples;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Profiles of a browser, as if each test had new ones. A profile that was given back is emptied and
 * used again. A page without content remains open in it and keeps its process: a short story of two
 * people, each with a new process, takes twice the time.
 */
final class BrowserProfiles {
  private final Browser browser;
  private final Deque<BrowserContext> free = new ArrayDeque<>();

  /** The origins of the pages that a profile has shown since it was taken. */
  private final Map<BrowserContext, Set<String>> origins = new HashMap<>();

  BrowserProfiles(Browser browser) {
    this.browser = browser;
  }

  /** {@return an empty profile} */
  BrowserContext take() {
    BrowserContext profile = free.poll();
    return profile == null ? create() : profile;
  }

  private BrowserContext create() {
    BrowserContext profile =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(1280, 800)
                .setLocale("en-GB")
                .setIgnoreHTTPSErrors(true)); // the certificate of a test is signed by itself
    profile.newPage();
    Set<String> visited = new HashSet<>();
    origins.put(profile, visited);
    profile.onPage(
        page ->
            page.onFrameNavigated(
                frame -> {
                  if (frame.url().startsWith("http")) {
                    visited.add(URI.create(frame.url()).resolve("/").toString());
                  }
                }));
    return profile;
  }

  /** Closes the pages of a profile and empties it. */
  void giveBack(BrowserContext profile) {
    List<Page> pages = List.copyOf(profile.pages());
    pages.stream().skip(1).forEach(Page::close);
    CDPSession session = profile.newCDPSession(pages.get(0));
    Set<String> visited = origins.get(profile);
    for (String origin : visited) {
      JsonObject everything = new JsonObject();
      everything.addProperty("origin", origin);
      everything.addProperty("storageTypes", "all");
      session.send("Storage.clearDataForOrigin", everything);
    }
    session.detach();
    visited.clear();
    profile.clearCookies();
    profile.clearPermissions();
    free.push(profile);
  }

  /** Closes a profile in which a test has changed what cannot be changed back. */
  void discard(BrowserContext profile) {
    origins.remove(profile);
    profile.close();
  }
}
