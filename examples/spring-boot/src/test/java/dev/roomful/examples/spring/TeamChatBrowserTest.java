package dev.roomful.examples.spring;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.roomful.Chat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;

/** Two people, each in a browser of their own, log in and chat. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TeamChatBrowserTest {
  private static final Path CHROMIUM =
      Path.of(System.getProperty("chromium", "/usr/bin/chromium")).toAbsolutePath();

  private static Playwright playwright;
  private static Browser chromium;

  @Autowired Environment environment;
  @Autowired Chat chat;

  @BeforeAll
  static void startChromium() {
    if (!Files.isExecutable(CHROMIUM) || !hasDriver()) {
      String reason = "no Chromium at " + CHROMIUM + ", or no Node.js: -Pbrowser -Dchromium=FILE";
      if ("true".equals(System.getenv("ROOMFUL_REQUIRE_BROWSER"))) {
        fail(reason);
      }
      abort(reason);
    }
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    PlaywrightAssertions.setDefaultAssertionTimeout(15_000);
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  private static boolean hasDriver() {
    return System.getenv("PLAYWRIGHT_NODEJS_PATH") != null
        || TeamChatBrowserTest.class.getClassLoader().getResource("driver/linux/LICENSE") != null;
  }

  @AfterAll
  static void stopChromium() {
    if (playwright != null) {
      playwright.close(); // and Chromium with it
    }
  }

  private Page login(BrowserContext browser, String user, String room) {
    Page page = browser.newPage();
    page.navigate(
        "http://localhost:" + environment.getProperty("local.server.port") + "/?room=" + room);
    page.fill("#username", user);
    page.fill("#password", "secret");
    page.click("button[type=submit]");
    assertThat(page.locator("#state")).hasText("connected");
    return page;
  }

  private static void say(Page page, String text) {
    page.fill("#text", text);
    page.click("#send");
  }

  @Test
  void twoBrowsersChatAndALogoutEndsOne() {
    try (BrowserContext annsBrowser = chromium.newContext();
        BrowserContext bobsBrowser = chromium.newContext()) {
      Page ann = login(annsBrowser, "ann", "lobby");
      await().until(() -> chat.room("lobby").orElseThrow().size() == 1);
      Page bob = login(bobsBrowser, "bob", "lobby");
      assertThat(ann.locator("#messages li")).hasText(new String[] {"* bob is here"});
      say(bob, "hello <b>ann</b>");
      assertThat(ann.locator("#messages li").last()).hasText("bob: hello <b>ann</b>");
      say(ann, "hello bob");
      assertThat(bob.locator("#messages li").last()).hasText("ann: hello bob");

      Page secondTab = bobsBrowser.newPage();
      secondTab.navigate(bob.url());
      secondTab.click("text=log out");
      secondTab.click("button[type=submit]");
      assertThat(bob.locator("#state")).containsText("disconnected");
      assertThat(bob.locator("#send")).isDisabled();
      assertThat(ann.locator("#state")).hasText("connected");
    }
  }
}
