package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attacks on users of the page of {@link RoomsExample}, in a real browser. */
class PageAttackBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @ParameterizedTest
  @EnumSource
  void aPageOfAnotherOriginCannotShowThePageInAFrame(Host.Kind server) throws Exception {
    try (RunningExample chat = TABS.start(server)) {
      HttpServer evil =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      evil.createContext(
          "/",
          exchange -> {
            byte[] page =
                ("<!doctype html><link rel=icon href=data:,><iframe src='" + chat.uri("/") + "'>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      evil.start();
      try {
        Tab tab = TABS.open(URI.create("http://localhost:" + evil.getAddress().getPort() + "/"));
        Page page = tab.page();
        page.waitForLoadState();
        assertEquals(2, page.frames().size());
        Frame framed = page.frames().get(1);
        assertEquals(0, framed.locator("#people, form, input").count());
        tab.assertErrorsAre("frame-ancestors");
      } finally {
        evil.stop(0);
      }
    }
  }
}
