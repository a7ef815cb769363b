package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.Room;
import dev.roomful.testkit.ConnectRequest;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** An application on a real server with a free port. */
final class RunningApplication implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** The servers on which the tests run. */
  enum Server {
    TOMCAT("jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration"),
    JETTY("tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration");

    private final String excluded;

    Server(String excluded) {
      this.excluded = "org.springframework.boot." + excluded;
    }
  }

  private final ConfigurableApplicationContext context;

  private RunningApplication(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static RunningApplication start(Server server, Class<?> application, String... properties) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "roomful.protocol=text",
                "roomful.redis.enabled=false",
                "spring.autoconfigure.exclude=" + server.excluded));
    all.addAll(List.of(properties));
    return new RunningApplication(
        new SpringApplicationBuilder(application).properties(all.toArray(String[]::new)).run());
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  /** {@return the server of an application on Jetty} */
  org.eclipse.jetty.server.Server jetty() {
    WebServer server = ((WebServerApplicationContext) context).getWebServer();
    return ((JettyWebServer) Objects.requireNonNull(server)).getServer();
  }

  Chat chat() {
    return context.getBean(Chat.class);
  }

  /** Waits until so many participants are in a room: a handshake ends before its join. */
  void awaitParticipants(String room, int number) {
    Await.until(
        number + " participants in " + room,
        () -> chat().room(room).map(Room::size).orElse(0) == number);
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + port() + path);
  }

  ConnectRequest request(String path) {
    return WireClient.request(uri("ws", path));
  }

  WireClient connect(String path) throws IOException {
    return request(path).connect();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("http", path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> delete(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri("http", path)).DELETE().build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String form, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("http", path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    context.close();
  }
}
