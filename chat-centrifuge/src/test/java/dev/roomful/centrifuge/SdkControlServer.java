package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.roomful.redis.RedisCluster;
import dev.roomful.testkit.TcpProxy;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What the JavaScript scenarios need from the test, over HTTP: the addresses of a chat and of two
 * nodes that are another one, proxies to cut, tokens, the files for a page, and a place to report
 * results.
 */
final class SdkControlServer implements AutoCloseable {
  /** Fifteen scenarios in two forms. */
  private static final int SCENARIOS = 30;

  private static final int TIMEOUT_MINUTES = 3;
  private static final Map<String, String> TYPES =
      Map.of("html", "text/html; charset=utf-8", "mjs", "text/javascript; charset=utf-8");

  private final HttpServer http =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final Map<String, TcpProxy> proxies = new ConcurrentHashMap<>();
  private final List<String> passed = new CopyOnWriteArrayList<>();
  private final List<String> failed = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Path files;
  private final SdkChatServer chatServer;
  private final RedisServer redis;
  private final List<SdkChatServer> nodes = new ArrayList<>();

  SdkControlServer(ContainerServer.Kind kind, Path files) throws Exception {
    this.files = files;
    this.chatServer = new SdkChatServer(kind, uri().toString());
    this.redis = RedisServer.start(files.resolve("redis"));
    for (int i = 0; i < 2; i++) {
      nodes.add(SdkChatServer.startNode(kind, uri().toString(), RedisCluster.connect(redis.uri())));
    }
    onPost("/server", body -> chatServer.uri().toString());
    onPost("/cluster-node", index -> node(index).toString());
    onPost("/cluster-cable", index -> addProxy(new TcpProxy(node(index))));
    onPostConsume("/move", urls -> move(urls.split(" ")));
    onPost("/token", TokensTest::hs256);
    onPost("/cable", body -> addProxy(new TcpProxy(chatServer.uri())));
    onPostConsume("/cut", url -> proxy(url).cut());
    onPostConsume("/mend", url -> proxy(url).restore());
    onPostConsume("/passed", passed::add);
    onPostConsume("/failed", failed::add);
    onPostConsume("/end", body -> end.complete(null));
    http.createContext("/", this::serveFile);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Waits until the program has run all scenarios, and fails if one of them failed. */
  void awaitScenarios(TestProcess program) {
    CompletableFuture.anyOf(end, program.exitCode())
        .completeOnTimeout(null, TIMEOUT_MINUTES, TimeUnit.MINUTES)
        .join();
    assertEquals(List.of(), failed);
    assertEquals(SCENARIOS, passed.size(), () -> "only " + passed + "\n" + program.output());
  }

  private interface Responder {
    String respond(String body) throws IOException;
  }

  private interface BodyConsumer {
    void accept(String body) throws IOException;
  }

  private void onPost(String path, Responder responder) {
    http.createContext(
        path,
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          send(exchange, 200, responder.respond(body).getBytes(UTF_8));
        });
  }

  private void onPostConsume(String path, BodyConsumer consumer) {
    onPost(
        path,
        body -> {
          consumer.accept(body);
          return "";
        });
  }

  private URI node(String index) {
    return nodes.get(Integer.parseInt(index)).uri();
  }

  /** Lets a proxy, the first address, continue with another server, the second one. */
  private void move(String... urls) throws IOException {
    TcpProxy moved = proxy(urls[0]);
    moved.redirect(URI.create(urls[1]));
    moved.cut();
    moved.restore();
  }

  private String addProxy(TcpProxy proxy) {
    proxies.put(proxy.address().toString(), proxy);
    return proxy.address().toString();
  }

  private TcpProxy proxy(String url) throws IOException {
    TcpProxy proxy = proxies.get(url);
    if (proxy == null) {
      throw new IOException("no proxy " + url);
    }
    return proxy;
  }

  private void serveFile(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = files.resolve(path.substring(1));
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || !Files.isRegularFile(file)) {
      send(exchange, 404, new byte[0]);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", type);
    send(exchange, 200, Files.readAllBytes(file));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() throws IOException {
    http.stop(0);
    for (TcpProxy proxy : proxies.values()) {
      proxy.close();
    }
    chatServer.close();
    nodes.forEach(SdkChatServer::close);
    redis.close();
  }
}
