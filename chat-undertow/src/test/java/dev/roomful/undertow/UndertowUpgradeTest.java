package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a request to a connection. */
class UndertowUpgradeTest {
  private final RecordingHandler handler = new RecordingHandler();
  private final TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  /** Remembers requests, and keeps nobody from forgetting them. */
  private static final class RequestTrackingFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private final transient Queue<WeakReference<HttpServletRequest>> requests =
        new ConcurrentLinkedQueue<>();

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      requests.add(new WeakReference<>(request));
      chain.doFilter(request, response);
    }

    boolean areRequestsReleased() {
      System.gc();
      return requests.stream().allMatch(request -> request.get() == null);
    }
  }

  @Test
  void anOpenConnectionKeepsNothingOfItsHandshake() throws Exception {
    RequestTrackingFilter filter = new RequestTrackingFilter();
    testServer.deployment.addFilter(
        Servlets.filter(
            "onlooker", RequestTrackingFilter.class, new ImmediateInstanceFactory<>(filter)));
    testServer.deployment.addFilterUrlMapping("onlooker", "/*", DispatcherType.REQUEST);
    Chat chat = testServer.chat(handler, TestServer.LIMITS);
    testServer.serve(chat);
    WireClient ann = testServer.join(chat, "hall", "ann");
    assertEquals(1, filter.requests.size());
    Await.until("the request is forgotten", filter::areRequestsReleased);
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void anUnsupportedProtocolVersionIsRejectedNamingTheSupportedOne() throws Exception {
    testServer.serve(testServer.chat(handler, TestServer.LIMITS));
    WireClient.Refused rejected =
        assertThrows(
            WireClient.Refused.class,
            () ->
                testServer.connect(
                    testServer.dial("/chat/hall/ann").header("Sec-WebSocket-Version", "12")));
    assertEquals(426, rejected.status());
    assertEquals(List.of("13"), rejected.headers().get("Sec-WebSocket-Version"));
  }
}
