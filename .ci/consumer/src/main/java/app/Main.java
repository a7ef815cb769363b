package app;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.micrometer.ChatMetrics;
import dev.roomful.names.Confusables;
import dev.roomful.redis.RedisCluster;
import dev.roomful.tokens.Tokens;
import dev.roomful.undertow.UndertowChat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Chats on Jetty, and loads a class of every other module but chat-tomcat, which needs Tomcat. */
public final class Main {
  public static void main(String[] args) throws Exception {
    for (Class<?> type :
        List.of(
            Centrifuge.class,
            ChatMetrics.class,
            Confusables.class,
            JakartaChat.class,
            RedisCluster.class,
            Tokens.class,
            UndertowChat.class)) {
      Class.forName(type.getName());
    }
    Server server = new Server(0);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
    server.start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    CompletableFuture<String> received = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            received.complete(text.toString());
            return null;
          }
        };
    WebSocket client =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + port + "/chat/lobby"), listener)
            .get(20, TimeUnit.SECONDS);
    client.sendText("hello", true);
    System.out.println("received " + received.get(20, TimeUnit.SECONDS));
    server.stop();
  }
}
