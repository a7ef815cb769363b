package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import dev.roomful.jetty.JettyChat;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pages below a path, as behind a proxy that serves several programs. */
class PathPrefixBrowserTest {
  @RegisterExtension static final SharedChromium CHROMIUM = new SharedChromium();
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  private final Server server = new Server();

  private URI start(Example example) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/team/chat");
    ChatSettings settings = RunningExample.settings(example);
    context.addServlet(new ExamplePageServlet(example, settings), "/");
    JettyChat.mount(example.mount(settings), context);
    server.setHandler(context);
    server.start();
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/team/chat/");
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void thePageOfRoomsLoadsAndConnectsBelowAPath() throws Exception {
    URI page = start(Example.ROOMS);
    Tab ann = TABS.join(page, "Ann").send("hello");
    Tab bob = TABS.join(page, "Bob");
    bob.assertMessages("hello");
    assertThat(ann.page()).hasURL(page + "#room=lobby");
    for (Tab tab : new Tab[] {ann, bob}) {
      tab.page().close(); // before the server stops, to which a page would reconnect
    }
  }

  @Test
  void thePageOfAPlainTextExampleLoadsAndConnectsBelowAPath() throws Exception {
    try (Window ann = Window.open(CHROMIUM, start(Example.ECHO))) {
      ann.sendWithButton("hello");
      ann.assertShows("Message text was: hello");
      ann.assertNoErrors();
    }
  }
}
