package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.Chat;
import dev.roomful.testkit.WireClient;
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
class UpgradeTest {
  private final Diary diary = new Diary();
  private final Site site = new Site();

  @AfterEach
  void stop() throws Exception {
    site.stop();
  }

  /** Remembers requests, and keeps nobody from forgetting them. */
  private static final class Onlooker extends HttpFilter {
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

    boolean isForgotten() {
      System.gc();
      return requests.stream().allMatch(request -> request.get() == null);
    }
  }

  @Test
  void anOpenConnectionKeepsNothingOfItsHandshake() throws Exception {
    Onlooker onlooker = new Onlooker();
    site.deployment.addFilter(
        Servlets.filter("onlooker", Onlooker.class, new ImmediateInstanceFactory<>(onlooker)));
    site.deployment.addFilterUrlMapping("onlooker", "/*", DispatcherType.REQUEST);
    Chat chat = site.chat(diary, Site.LIMITS);
    site.serve(chat);
    WireClient ann = site.enter(chat, "hall", "ann");
    assertEquals(1, onlooker.requests.size());
    Await.until("the request is forgotten", onlooker::isForgotten);
    ann.text("still here");
    assertEquals("still here", ann.nextText());
  }

  @Test
  void anotherVersionOfTheProtocolIsToldWhichOneIsSpoken() throws Exception {
    site.serve(site.chat(diary, Site.LIMITS));
    WireClient.Refused refused =
        assertThrows(
            WireClient.Refused.class,
            () -> site.connect(site.dial("/chat/hall/ann").header("Sec-WebSocket-Version", "12")));
    assertEquals(426, refused.status());
    assertEquals(List.of("13"), refused.headers().get("Sec-WebSocket-Version"));
  }
}
