package dev.roomful.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.roomful.admission.Rejection;
import dev.roomful.testsupport.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Keys that are fetched, and rotate. */
class RemoteKeysTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestKeys service = new TestKeys();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile Instant now = Instant.ofEpochSecond(1_800_000_000);
  private volatile boolean failing;

  private final RemoteKeys keys =
      new RemoteKeys(
          "https://login.example/keys",
          () -> {
            fetches.incrementAndGet();
            if (failing) {
              throw new IOException("the login service is down");
            }
            return service.document();
          },
          () -> now);
  private final Tokens tokens = Tokens.of(keys);

  private static long fetchers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("roomful-keys-1"))
        .count();
  }

  private static void awaitFetched() {
    Await.until("the thread that fetches is gone", PATIENCE, () -> fetchers() == 0);
  }

  private String token() {
    return service.sign("{\"sub\":\"ann\",\"iat\":" + now.getEpochSecond() + "}");
  }

  private String codeOf(String token) {
    try {
      return tokens.verify(token, now).subject();
    } catch (TokenRejectedException rejected) {
      return rejected.rejection().status() + " " + rejected.rejection().code();
    }
  }

  @Test
  void aTokenIsAcceptedWhenTheKeysAreHere() {
    awaitFetched();
    assertEquals("ann", codeOf(token()));
    assertEquals(1, fetches.get());
  }

  @Test
  void nobodyWaitsForTheKeys() throws Exception {
    CountDownLatch proceed = new CountDownLatch(1);
    Tokens slow =
        Tokens.of(
            new RemoteKeys(
                "slow",
                () -> {
                  try {
                    proceed.await();
                  } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                  }
                  return service.document();
                },
                () -> now));
    TokenRejectedException rejected =
        assertThrows(TokenRejectedException.class, () -> slow.verify(token(), now));
    assertEquals(503, rejected.rejection().status());
    assertEquals(Rejection.UNAVAILABLE, rejected.rejection().code());
    assertEquals(Duration.ofSeconds(1), rejected.rejection().retryAfter());
    proceed.countDown();
    awaitFetched();
    assertEquals("ann", slow.verify(token(), now).subject());
  }

  @Test
  void aTokenWithANewKeyIsAcceptedAfterOneMoreFetch() {
    awaitFetched();
    now = now.plusSeconds(60);
    service.rotate("second");
    assertEquals("503 unavailable", codeOf(token()));
    awaitFetched();
    assertEquals("ann", codeOf(token()));
    assertEquals(2, fetches.get());
  }

  @Test
  void unknownKeysCauseOneFetchInAnIntervalHoweverManyTheyAre() {
    awaitFetched();
    now = now.plusSeconds(60);
    TestKeys others = new TestKeys();
    for (int i = 0; i < 100; i++) {
      others.rotate("unknown" + i);
      assertEquals(
          "503 unavailable",
          codeOf(others.sign("{\"iat\":" + now.plusSeconds(5).getEpochSecond() + "}")));
      awaitFetched();
    }
    assertEquals(2, fetches.get());
    now = now.plusSeconds(31);
    assertEquals("401 invalid-token", codeOf(others.sign("{\"sub\":\"ann\"}")));
    awaitFetched();
    assertEquals(3, fetches.get());
  }

  @Test
  void aKeyThatIsNoLongerPublishedIsNotAcceptedAfterTheNextRefresh() {
    awaitFetched();
    String old = token();
    service.rotate("second");
    assertEquals("ann", codeOf(old));
    now = now.plus(RemoteKeys.REFRESH_INTERVAL);
    assertEquals("ann", codeOf(old)); // which begins the refresh
    awaitFetched();
    assertEquals("401 invalid-token", codeOf(old));
  }

  @Test
  void aClockThatIsSetBackByHoursDoesNotDelayAFetch() {
    awaitFetched();
    String old = token();
    service.rotate("second");
    now = now.minus(Duration.ofHours(5));
    assertEquals("ann", codeOf(old)); // which begins the refresh
    awaitFetched();
    assertEquals("ann", codeOf(token()));
    assertEquals(2, fetches.get());
  }

  @Test
  void keysAreFetchedWhenThreadsCanBeStartedAgain() throws Exception {
    AtomicBoolean noThreads = new AtomicBoolean(true);
    Tokens starved =
        Tokens.of(
            new RemoteKeys(
                "starved",
                service::document,
                () -> now,
                task ->
                    new Thread(task, "roomful-keys-1") {
                      @Override
                      public synchronized void start() {
                        if (noThreads.get()) {
                          throw new OutOfMemoryError("unable to create native thread");
                        }
                        super.start();
                      }
                    }));
    TokenRejectedException rejected =
        assertThrows(TokenRejectedException.class, () -> starved.verify(token(), now));
    assertEquals(503, rejected.rejection().status());
    noThreads.set(false);
    now = now.plus(RemoteKeys.MIN_INTERVAL);
    assertThrows(TokenRejectedException.class, () -> starved.verify(token(), now));
    awaitFetched();
    assertEquals("ann", starved.verify(token(), now).subject());
  }

  @Test
  void keysThatCannotBeFetchedAgainHoldForADay() {
    awaitFetched();
    failing = true;
    now = now.plus(Duration.ofHours(23));
    assertEquals("ann", codeOf(token()));
    awaitFetched();
    now = now.plus(Duration.ofHours(1));
    assertEquals("503 unavailable", codeOf(token()));
    awaitFetched();
    failing = false;
    now = now.plusSeconds(30);
    codeOf(token());
    awaitFetched();
    assertEquals("ann", codeOf(token()));
  }

  @Test
  void keysAreFetchedOverHttpAndADocumentThatIsTooLargeIsNotRead() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              exchange.getRequestURI().getPath().equals("/keys")
                  ? service.document()
                  : service.document() + " ".repeat(300_000);
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          } catch (IOException hungUp) {
            exchange.close();
          }
        });
    server.start();
    try {
      URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      Tokens good = Tokens.jwks(base.resolve("/keys"));
      Tokens large = Tokens.jwks(base.resolve("/large"));
      awaitFetched();
      assertEquals("ann", good.verify(token(), now).subject());
      assertThrows(TokenRejectedException.class, () -> large.verify(token(), now));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void keysAreNotFetchedWithoutEncryptionFromAnotherMachine() {
    IllegalArgumentException rejected =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tokens.jwks(URI.create("http://login.example/keys")));
    assertTrue(rejected.getMessage().contains("http://login.example/keys"));
  }
}
