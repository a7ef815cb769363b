package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.roomful.testkit.TcpProxy;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages of the plain text examples in a real browser, with two windows or more. */
class BrowserTest {
  private static final String MARKUP =
      "<b>x</b><img src=x onerror=alert(1)><script>alert(2)</script>";

  @RegisterExtension static final SharedChromium CHROMIUM = new SharedChromium();

  @Test
  void echoAnswersInTheSenderWindowOnly() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ECHO);
        Window ann = Window.open(CHROMIUM, chat.uri("/"));
        Window bob = Window.open(CHROMIUM, chat.uri("/"))) {
      assertThat(ann.page().locator("h1")).containsText("Echo");
      ann.sendWithButton("hello");
      ann.assertShows("Message text was: hello");
      bob.sendWithEnter("hi");
      bob.assertShows("Message text was: hi");
      ann.sendWithEnter("still here");
      ann.assertShows("Message text was: hello", "Message text was: still here");
      bob.assertShows("Message text was: hi");
      ann.assertNoErrors();
      bob.assertNoErrors();
    }
  }

  @ParameterizedTest
  @EnumSource
  void broadcastIsSeenByEveryoneTheSenderIncluded(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.BROADCAST);
        Window ann = Window.open(CHROMIUM, chat.uri("/"))) {
      String a = "Client #" + ann.id();
      ann.sendWithButton("hello");
      ann.assertShows("You wrote: hello", a + " says: hello");
      try (Window bob = Window.open(CHROMIUM, chat.uri("/"))) {
        String b = "Client #" + bob.id();
        assertNotEquals(ann.id(), bob.id());
        bob.sendWithEnter("hi");
        bob.assertShows("You wrote: hi", b + " says: hi");
        ann.sendWithEnter("welcome");
        bob.assertShows("You wrote: hi", b + " says: hi", a + " says: welcome");
        bob.page().close();
        ann.assertShows(
            "You wrote: hello",
            a + " says: hello",
            b + " says: hi",
            "You wrote: welcome",
            a + " says: welcome",
            b + " left the chat");
        bob.assertNoErrors();
      }
      ann.assertNoErrors();
    }
  }

  @Test
  void excludingSelfIsSeenByEveryoneElse() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.EXCLUDING_SELF);
        Window ann = Window.open(CHROMIUM, chat.uri("/"))) {
      String a = "Client #" + ann.id();
      ann.sendWithButton("hello");
      ann.assertShows("You wrote: hello");
      try (Window bob = Window.open(CHROMIUM, chat.uri("/"))) {
        String b = "Client #" + bob.id();
        bob.sendWithEnter("hi");
        bob.assertShows("You wrote: hi");
        ann.assertShows("You wrote: hello", b + " says: hi");
        ann.sendWithEnter("welcome");
        bob.assertShows("You wrote: hi", a + " says: welcome");
        bob.page().close();
        ann.assertShows(
            "You wrote: hello", b + " says: hi", "You wrote: welcome", b + " left the chat");
        bob.assertNoErrors();
      }
      ann.assertNoErrors();
    }
  }

  @Test
  void thePageOfARoomShowsThatRoomOnly() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.EXCLUDING_SELF);
        Window ann = Window.open(CHROMIUM, chat.uri("/?room=caf%C3%A9"));
        Window bob = Window.open(CHROMIUM, chat.uri("/?room=caf%C3%A9"));
        Window cem = Window.open(CHROMIUM, chat.uri("/"))) {
      assertThat(ann.page().locator("#room")).hasText("café");
      assertThat(cem.page().locator("#room")).isHidden();
      ann.sendWithEnter("here");
      ann.assertShows("You wrote: here");
      cem.sendWithEnter("elsewhere");
      cem.assertShows("You wrote: elsewhere");
      bob.sendWithEnter("hello");
      ann.assertShows("You wrote: here", "Client #" + bob.id() + " says: hello");
      cem.sendWithEnter("alone");
      cem.assertShows("You wrote: elsewhere", "You wrote: alone");
    }
  }

  @Test
  void thePageOfPlainRoomsResumesAfterALostConnection() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.PLAIN_ROOMS);
        Window ann = Window.open(CHROMIUM, chat.uri("/?name=Ann"));
        Window bob = Window.open(CHROMIUM, chat.uri("/?name=Bob&room=lobby"))) {
      bob.assertShows("* welcome to lobby, here: Ann, Bob");
      bob.sendWithEnter("hello");
      bob.assertShows("* welcome to lobby, here: Ann, Bob", "[lobby] Bob: hello");
      bob.page().evaluate("dispatchEvent(new Event('offline'))");
      ann.sendWithEnter("are you there?");
      bob.page().evaluate("dispatchEvent(new Event('online'))");
      bob.assertShows(
          "* welcome to lobby, here: Ann, Bob",
          "[lobby] Bob: hello",
          "* welcome to lobby, here: Ann, Bob",
          "[lobby] Ann: are you there?");
      bob.sendWithEnter("back");
      ann.assertShows(
          "* welcome to lobby, here: Ann",
          "* Bob is here",
          "[lobby] Bob: hello",
          "[lobby] Ann: are you there?",
          "[lobby] Bob: back");
      bob.assertNoErrors();
    }
  }

  @Test
  void aChatThatCannotBeReachedIsReported() throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, Example.ECHO);
        TcpProxy proxy = new TcpProxy(chat.uri("/"));
        Window ann = Window.open(CHROMIUM, proxy.address())) {
      proxy.cut();
      assertThat(ann.page().locator("#reason")).containsText("Cannot reach the chat.");
      assertThat(ann.page().locator("#state")).containsText("Reconnecting in ");
      proxy.restore();
      ann.page().locator(".reconnect").click();
      ann.awaitState("open");
      assertThat(ann.page().locator("#reason")).isHidden();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "ROOMS", mode = EnumSource.Mode.EXCLUDE) // has tests of its own
  void messagesAreShownAsTextAndNeverAsHtml(Example example) throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, example);
        Window ann = Window.open(CHROMIUM, chat.uri("/?name=Ann"));
        Window bob = Window.open(CHROMIUM, chat.uri("/?name=Bob"))) {
      bob.sendWithEnter("hi");
      assertThat(bob.lines().last()).containsText("hi");
      ann.sendWithEnter(MARKUP);
      Window recipient = example == Example.ECHO ? ann : bob;
      assertThat(recipient.lines().last()).hasText(shownPrefix(example, ann, "Ann") + MARKUP);
      for (Window window : new Window[] {ann, bob}) {
        assertEquals(0, window.page().locator("li b, li img, li script").count());
        window.assertNoErrors();
      }
    }
  }

  /** Each server, and each page. */
  @ParameterizedTest
  @CsvSource({
    "JETTY,    ECHO",
    "UNDERTOW, BROADCAST",
    "TOMCAT,   EXCLUDING_SELF",
    "UNDERTOW, PLAIN_ROOMS"
  })
  void thePageReconnectsAfterARestartOfTheServer(Host.Kind server, Example example)
      throws Exception {
    RunningExample before = RunningExample.start(server, example);
    int port = before.port();
    try (Window ann = Window.open(CHROMIUM, before.uri("/?name=Ann"));
        Window bob = Window.open(CHROMIUM, before.uri("/?name=Bob"))) {
      ann.sendWithEnter("hello");
      ann.assertShowsLineContaining("hello");
      ann.page().locator("#text").fill("typed while it was away");
      before.close();
      ann.awaitState("waiting");
      bob.awaitState("waiting");
      assertThat(ann.page().locator("#send")).isDisabled();
      ann.screenshot(example + "-" + server + "-waiting");

      try (RunningExample restarted = RunningExample.start(server, example, port)) {
        ann.awaitState("open");
        bob.awaitState("open");
        assertThat(ann.page().locator("#text")).hasValue("typed while it was away");
        bob.sendWithEnter("back");
        bob.assertShowsLineContaining("back");
        ann.page().locator("#send").click();
        Window recipient = example == Example.ECHO ? ann : bob;
        assertThat(recipient.lines().last())
            .hasText(shownPrefix(example, ann, "Ann") + "typed while it was away");
        assertEquals(port, restarted.port());
        ann.forgetFailedConnections();
        ann.assertNoErrors();
      }
    } finally {
      before.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "ROOMS", mode = EnumSource.Mode.EXCLUDE) // has tests of its own
  void thePageFitsPhonesAndDesktopsInLightAndDark(Example example) throws Exception {
    try (RunningExample chat = RunningExample.start(Host.Kind.JETTY, example);
        Window ann = Window.open(CHROMIUM, chat.uri("/?name=Ann"));
        Window bob = Window.open(CHROMIUM, chat.uri("/?name=Bob"));
        Window cem = Window.open(CHROMIUM, chat.uri("/?name=Cem"))) {
      assertFitsAndTakePictures(bob, example + "-empty");
      sendAndAwaitShown(ann, "Morning! Is anyone around?");
      sendAndAwaitShown(bob, "Yes, just got in.");
      sendAndAwaitShown(
          ann, "The build has been green since Friday, so the release can go out today.");
      sendAndAwaitShown(
          cem,
          "One moment: https://example.org/a/rather/long/address/that/breaks/nowhere/by/itself");
      sendAndAwaitShown(cem, "It is only the changelog.");
      sendAndAwaitShown(bob, "Then let us wait for it.");
      cem.page().close();
      sendAndAwaitShown(ann, "مرحبا بالجميع");
      sendAndAwaitShown(bob, "See you at noon");
      assertFitsAndTakePictures(bob, example.toString());
      bob.assertNoErrors();
    }
  }

  /** The dark colours change no size, so one picture shows them. */
  private static void assertFitsAndTakePictures(Window window, String name) {
    window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    window.screenshot(name + "-dark");
    window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    for (Device device : Device.values()) {
      window.page().setViewportSize(device.width, device.height);
      String shown = name + "-" + device;
      window.screenshot(shown);
      assertThat(window.page().locator("#send")).isInViewport();
      assertThat(window.page().locator("#messages li:last-child, .empty:visible")).isInViewport();
      assertEquals(
          List.of(device.width, device.height),
          window
              .page()
              .evaluate(
                  "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"),
          () -> shown + " does not fit");
    }
  }

  /** Returns when the sender sees the message. */
  private static void sendAndAwaitShown(Window window, String text) {
    window.sendWithEnter(text);
    window.assertShowsLineContaining(text);
  }

  /** {@return what precedes the text in the line of a recipient} */
  private static String shownPrefix(Example example, Window sender, String name) {
    return switch (example) {
      case ECHO -> "Message text was: ";
      case PLAIN_ROOMS -> "[lobby] " + name + ": ";
      default -> "Client #" + sender.id() + " says: ";
    };
  }

  private enum Device {
    PHONE(360, 740),
    DESKTOP(1100, 800);

    private final int width;
    private final int height;

    Device(int width, int height) {
      this.width = width;
      this.height = height;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
