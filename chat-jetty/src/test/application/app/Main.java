package app;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.jetty.JettyChat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Starts a server with a chat, sends a message as a client, and prints what it receives. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
    server.start();
    try {
      CompletableFuture<String> received = new CompletableFuture<>();
      WebSocket client =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(address(server), new FirstText(received))
              .get(20, TimeUnit.SECONDS);
      client.sendText("hello", true).get(20, TimeUnit.SECONDS);
      System.out.println("received " + received.get(20, TimeUnit.SECONDS));
    } finally {
      server.stop();
    }
  }

  private static URI address(Server server) {
    ServerConnector connector = (ServerConnector) server.getConnectors()[0];
    return URI.create(
        "ws://" + connector.getHost() + ":" + connector.getLocalPort() + "/chat/lobby");
  }

  private static final class FirstText implements WebSocket.Listener {
    private final CompletableFuture<String> received;

    FirstText(CompletableFuture<String> received) {
      this.received = received;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      received.complete(text.toString());
      return WebSocket.Listener.super.onText(socket, text, last);
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      received.completeExceptionally(failure);
    }
  }
}
