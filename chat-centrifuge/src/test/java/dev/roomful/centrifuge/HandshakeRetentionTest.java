package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What a connected client keeps of its handshake. */
class HandshakeRetentionTest {
  private static final String PATH = "/connection/websocket";

  private static void awaitCollected(String what, WeakReference<?> reference) {
    Await.until(
        what + " is collected",
        () -> {
          System.gc();
          return reference.get() == null;
        });
  }

  /** Gives each request to the chat in a wrapper, of which the container keeps none. */
  private static final class RequestFilter implements Filter {
    private final Queue<WeakReference<ServletRequest>> requests = new ConcurrentLinkedQueue<>();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      ServletRequest wrapper = new HttpServletRequestWrapper((HttpServletRequest) request);
      requests.add(new WeakReference<>(wrapper));
      chain.doFilter(wrapper, response);
    }
  }

  /** Not on Jetty, whose {@code JakartaServerUpgradeRequest} keeps the request of each session. */
  @Test
  void aConnectedClientDoesNotKeepItsRequest() throws Exception {
    Chat chat =
        Chat.builder(new RoomHandler() {})
            .authenticator(
                handshake -> AcceptedAdmission.of("alice", handshake.path("room").orElse("lobby")))
            .build();
    RequestFilter filter = new RequestFilter();
    FilterInfo filterInfo =
        Servlets.filter("filter", Filter.class, new ImmediateInstanceFactory<>(filter));
    JakartaChat mount = JakartaChat.of(chat, PATH).withGateway(Centrifuge.on(chat));
    try (ContainerServer server =
            ContainerServer.undertow(
                List.of(mount),
                app ->
                    app.addFilter(filterInfo.setAsyncSupported(true))
                        .addFilterUrlMapping("filter", "/*", DispatcherType.REQUEST));
        WireClient client = WireClient.connect(server.uri().resolve(PATH))) {
      client.text("{\"id\":1,\"connect\":{}}");
      assertTrue(client.nextText().startsWith("{\"id\":1,\"connect\":{"));
      assertEquals(1, filter.requests.size());

      awaitCollected("the request", filter.requests.remove());

      // The authenticator is still called with the handshake.
      client.text("{\"id\":2,\"subscribe\":{\"channel\":\"side\"}}");
      assertTrue(client.nextText().startsWith("{\"id\":2,\"subscribe\":{"));
    } finally {
      chat.close();
    }
  }

  @Test
  void aConnectedClientDoesNotKeepItsAdmission() {
    TestChat chat =
        TestChat.of(
            Chat.builder(new RoomHandler() {})
                .authenticator(
                    handshake ->
                        AcceptedAdmission.of("alice", handshake.path("room").orElse("lobby"))));
    Centrifuge gateway = Centrifuge.on(chat.chat());
    AcceptedAdmission admission =
        assertInstanceOf(AcceptedAdmission.class, gateway.admit(TestHandshake.create()));
    CentrifugeTestClient alice = CentrifugeTestClient.open(gateway, admission);
    WeakReference<AcceptedAdmission> reference = new WeakReference<>(admission);
    admission = null;
    alice.connect();

    awaitCollected("the admission", reference);

    alice.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
    assertEquals(1, alice.received().size());
    CentrifugeTestClient.closeAndAssertNothingIsLeft(chat);
  }
}
