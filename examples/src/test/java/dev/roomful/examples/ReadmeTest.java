package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testkit.WireClient;
import dev.roomful.tomcat.TomcatChat;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the code of the README, and checks that the README shows the same code. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final String CATALINA_BASE = "catalina.base";
  private static final String EXCLUDING_SELF =
      "source: examples/src/main/java/dev/roomful/examples/ExcludingSelf.java";

  /** The README shows 8080, which may be in use on the machine that runs the test. */
  private final int port = 0;

  /** Stands for a class of the reader's application. */
  private static final class App {}

  @Test
  void theSimplestRoomOnJetty() throws Exception {
    // tag::jetty
    Server server = new Server(port);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
    server.start();
    // end::jetty
    try {
      assertMessagesReachTheRoom(((ServerConnector) server.getConnectors()[0]).getLocalPort());
    } finally {
      server.stop();
    }
  }

  @Test
  void theSimplestRoomOnUndertow() throws Exception {
    // tag::undertow
    DeploymentInfo app = Servlets.deployment().setDeploymentName("app").setContextPath("/");
    app.setClassLoader(App.class.getClassLoader());
    UndertowChat.mount(Chat.of(new RoomHandler() {}), app, "/chat/{room}");
    DeploymentManager manager = Servlets.defaultContainer().addDeployment(app);
    manager.deploy();
    Undertow.Builder builder = Undertow.builder().addHttpListener(port, "localhost");
    Undertow server = builder.setHandler(manager.start()).build();
    server.start();
    // end::undertow
    try {
      assertMessagesReachTheRoom(
          ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
    } finally {
      manager.stop();
      manager.undeploy();
      server.stop();
    }
  }

  @Test
  void theSimplestRoomOnTomcat(@TempDir Path folder) throws Exception {
    System.setProperty(CATALINA_BASE, folder.toString());
    try {
      // tag::tomcat
      Tomcat tomcat = new Tomcat();
      tomcat.setPort(port);
      tomcat.getConnector();
      Context context = tomcat.addContext("", null);
      TomcatChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
      tomcat.start();
      // end::tomcat
      try {
        assertMessagesReachTheRoom(tomcat.getConnector().getLocalPort());
      } finally {
        tomcat.stop();
        tomcat.destroy();
      }
    } finally {
      System.clearProperty(CATALINA_BASE);
    }
  }

  /** The script of the README runs in a browser against the server of the README. */
  @Test
  void aChatForTheSdksOnJettyAndAClientScript() throws Exception {
    // tag::sdk
    Chat chat =
        Chat.builder(new RoomHandler() {})
            .rooms(
                RoomOptions.defaults()
                    .withHistory(History.of(100))
                    .withKeepEmptyFor(Duration.ofMinutes(5)))
            .build();
    Centrifuge gateway =
        Centrifuge.on(chat).withAnonymous(); // or .withTokens(Tokens.hs256(secret))
    Server server = new Server(port);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(JakartaChat.of(chat, "/connection/websocket").withGateway(gateway), context);
    server.start();
    // end::sdk
    int boundPort = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    try (PlaywrightChromium chromium = PlaywrightChromium.start();
        BrowserContext browser = chromium.browser().newContext()) {
      Page page = browser.newPage();
      List<String> printed = Collections.synchronizedList(new ArrayList<>());
      page.onConsoleMessage(
          line -> {
            if (line.type().equals("log")) {
              printed.add(line.text());
            }
          });
      page.route(
          "**/sdk.mjs",
          route ->
              route.fulfill(
                  new Route.FulfillOptions().setContentType("text/javascript").setBody(sdk())));
      page.navigate(
          "http://localhost:" + boundPort + "/"); // there is none, but it is of the server's origin
      page.addScriptTag(
          new Page.AddScriptTagOptions()
              .setType("module")
              .setContent(
                  script().replace("'centrifuge'", "'/sdk.mjs'").replace("8080", "" + boundPort)));
      page.waitForCondition(() -> !printed.isEmpty());
      assertEquals(List.of("Ann: hello"), printed);
    } finally {
      server.stop();
    }
  }

  private static String sdk() {
    try {
      return Files.readString(Path.of("target", "sdk", "package", "build", "index.mjs"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String script() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Matcher block = Pattern.compile("```js\\n(.*?)\\n```", Pattern.DOTALL).matcher(readme);
    assertTrue(block.find(), "the README shows no script");
    return block.group(1);
  }

  @Test
  void messagesAreDeliveredWithoutAServer() {
    // tag::testing
    try (TestChat chat = TestChat.of(ExcludingSelf.chat())) {
      TestClient ann = chat.connect("lobby", "1");
      TestClient bob = chat.connect("lobby", "2");
      ann.send("hello");
      assertEquals(List.of("You wrote: hello"), ann.received());
      assertEquals(List.of("Client #1 says: hello"), bob.received());
    }
    // end::testing
  }

  @Test
  void theReadmeShowsTheTestedCodeAndTheWholeExample() throws IOException {
    Path readme = ROOT.resolve("README.md");
    assumeTrue(Files.exists(readme), "there is no README.md yet");
    assertShowsTheSnippets(Files.readString(readme));
  }

  private static void assertMessagesReachTheRoom(int port) throws Exception {
    String chat = "ws://localhost:" + port + "/chat/";
    try (WireClient ann = WireClient.connect(URI.create(chat + "kitchen"));
        WireClient bob = WireClient.connect(URI.create(chat + "kitchen"));
        WireClient cem = WireClient.connect(URI.create(chat + "cellar"))) {
      ann.text("I am in");
      assertEquals("I am in", ann.nextText());
      cem.text("and I elsewhere");
      assertEquals("and I elsewhere", cem.nextText());
      bob.text("hello");
      assertEquals("hello", ann.nextText());
    }
  }

  private static void assertShowsTheSnippets(String readme) throws IOException {
    Map<String, String> snippets = Snippets.of(ReadmeTest.class);
    snippets.replaceAll((name, code) -> code.replace("(port", "(8080"));
    Set<String> shown = new HashSet<>();
    Matcher block = Snippets.BLOCK.matcher(readme);
    while (block.find()) {
      String marker = String.valueOf(block.group(1));
      String code = Snippets.code(block.group(2));
      if (marker.startsWith("source: ")) {
        assertShowsTheEndOf(marker.substring("source: ".length()), code);
      } else {
        assertTrue(
            snippets.containsKey(marker),
            () -> "the comment above this block names no snippet: " + marker + "\n" + code);
        assertEquals(snippets.get(marker), code, marker);
        int maxLines = marker.equals("snippet: sdk") ? 20 : 10;
        assertTrue(code.lines().count() < maxLines, () -> marker + " is too long");
      }
      shown.add(marker);
    }
    assertTrue(
        shown.containsAll(
            List.of(
                "snippet: sdk",
                "snippet: jetty",
                "snippet: undertow",
                "snippet: tomcat",
                EXCLUDING_SELF)),
        () -> "the README shows only " + shown);
  }

  /** All of the file, or what remains without its package, imports and Javadoc: a whole class. */
  private static void assertShowsTheEndOf(String file, String code) throws IOException {
    String source = Files.readString(ROOT.resolve(file)).strip();
    String name = file.replaceAll(".*/|\\.java", "");
    assertTrue(code.contains("class " + name + " "), () -> "not the whole class:\n" + code);
    int from = source.indexOf(code.lines().findFirst().orElse(""));
    assertEquals(source.substring(Math.max(0, from)), code, file);
  }
}
